"use strict";
/* One task: why it failed, what it printed, what it took and gave. */

const NUMERIC = /^(u?int|float|decimal)/i;

function taskDetails(task, { link, close }) {
  const failed = task.attempts?.findLast((attempt) => attempt.error);
  return [
    element("div", {},
      element("h2", {}, icon(task.state), task.key, close),
      element("p", { class: "said" }, capital(outcome(task))),
      task.description && element("p", { class: "said" }, task.description)),
    failed && errorBox(failed),
    task.attempts && attemptTabs(task),
    whyThen(task, link),
    task.inputs && section("Inputs", "", inputTable(task.inputs, link)),
    task.output && outputSection(task.output),
    section("Task", "", facts([
      ["after", task.upstream && names(task.upstream, link)],
      ["before", task.downstream && names(task.downstream, link)],
      ["waits for, without data", task.waits && names(task.waits, link)],
      ["function", task.function && element("code", {}, task.function)],
      ["called in", task.location && element("code", {}, task.location)],
      ["compute", task.compute],
      ["cache", task.cache],
    ])),
  ].filter(Boolean);
}

function outcome(task) {
  const tries = task.attempts?.length ?? 0;
  if (!tries) return task.reason ? `did not run: ${task.reason}` : words(task.state);
  return `${words(task.state)} in ${duration(took(task))}${tries > 1 ? `, ${tries} attempts` : ""}`;
}

function errorBox({ error }) {
  const said = error.message?.replace(/\n\s*\n/g, "\n");
  const message = element("p", {}, element("strong", {}, error.type), said ? `: ${said}` : "");
  const traceback = error.traceback && element("pre", { tabindex: 0 }, error.traceback);
  const whole = element("button", { class: "link", hidden: true, click: () => { box.classList.add("whole"); whole.hidden = true; } }, "Show all of it");
  const box = element("div", { class: "error", id: "error" }, message, traceback, whole);
  requestAnimationFrame(() => {
    whole.hidden = [message, traceback].every((part) => !part || part.scrollHeight <= part.clientHeight);
    if (traceback) traceback.scrollTop = traceback.scrollHeight;
  });
  return box;
}

function attemptTabs(task) {
  const log = element("pre", { tabindex: 0, id: "log" });
  const show = (attempt) => {
    const cut = attempt.cut ? `… ${grouped(attempt.cut)} characters before this are left out\n` : "";
    log.textContent = attempt.log || attempt.cut ? cut + (attempt.log ?? "") : "nothing was printed";
    log.classList.toggle("soft", !attempt.log);
    // The end of a log tells how it ended.
    log.scrollTop = log.scrollHeight;
  };
  const tabs = task.attempts.map((attempt) => element("button", {
    role: "tab", class: `state-${attempt.state}`, "aria-selected": "false",
    click: (event) => {
      for (const tab of tabs) tab.setAttribute("aria-selected", String(tab === event.currentTarget));
      show(attempt);
    },
  }, icon(attempt.state), `${attempt.number} · ${duration(attempt.seconds)}`));
  tabs.at(-1).setAttribute("aria-selected", "true");
  show(task.attempts.at(-1));
  requestAnimationFrame(() => { log.scrollTop = log.scrollHeight; });
  const last = task.attempts.at(-1);
  return section("Log", tabs.length > 1 ? plural(tabs.length, "attempt") : `attempt ${last.number}, started at ${duration(last.start)}`,
    tabs.length > 1 && element("div", { class: "tabs", role: "tablist" }, tabs), log);
}

function whyThen(task, link) {
  const { wait } = task;
  if (!wait || (!wait.upstream && !wait.queued)) return null;
  const parts = wait.upstream ? ["ready at ", duration(wait.ready), ", when ", link(wait.upstream), " had ended"] : ["ready at once"];
  if (wait.queued >= 0.005) parts.push(`; then ${duration(wait.queued)} for a free worker`);
  return section("Start", `at ${duration(started(task))}`, element("p", {}, ...parts));
}

function inputTable(inputs, link) {
  return facts(inputs.map(({ argument, upstream, text }) => [element("code", {}, argument),
    upstream ? ["← ", link(upstream), text && element("code", {}, text)] : element("code", {}, text ?? "")]));
}

function outputSection(output) {
  return section("Output", outputNote(output), outputParts(output),
    output.files && element("p", { class: "soft mono" }, output.files.map(({ path }) => path).slice(0, 3).join(", "),
      output.files.length > 3 && ` and ${output.files.length - 3} more`));
}

function outputNote({ rows, kind, files }) {
  const size = files?.reduce((sum, file) => sum + (file.size ?? 0), 0);
  return [rows != null && plural(rows, "row"), kind, size && bytes(size)].filter(Boolean).join(" · ");
}

function outputParts(output) {
  return [
    output.parts?.map(({ place, output: part }) => [
      element("p", { class: "part" }, element("code", {}, place), element("span", { class: "soft" }, ` ${outputNote(part)}`)), outputParts(part)]),
    output.more_parts && element("p", { class: "soft" }, `and ${plural(output.more_parts, "more part")}`),
    output.sample ? sampleTable(output) : output.schema && facts(output.schema),
    output.text && element("pre", { tabindex: 0 }, output.text),
  ];
}

function sampleTable({ sample, schema, rows }) {
  const types = new Map(schema ?? []);
  const isNumber = sample.columns.map((column) => NUMERIC.test(types.get(column) ?? ""));
  const head = sample.columns.map((column, index) => element("th", { class: isNumber[index] && "number", scope: "col" },
    column, types.has(column) && element("small", {}, types.get(column))));
  const cell = (value, index) => (value == null ? element("td", { class: `null ${isNumber[index] ? "number" : ""}` }, "null")
    : element("td", { class: isNumber[index] && "number", title: value.length > 30 && value }, value));
  const more = (rows ?? 0) - sample.rows.length;
  return [element("div", { class: "table", tabindex: 0 }, element("table", {},
    element("thead", {}, element("tr", {}, head)),
    element("tbody", {}, sample.rows.map((row) => element("tr", {}, row.map(cell)))))),
  more > 0 && element("p", { class: "soft" }, `and ${plural(more, "more row")}`)];
}
