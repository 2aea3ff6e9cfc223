"use strict";
/* The run as a whole: the line above, the causes of a failure, and what is shown while no task is chosen. */

const MOST_CAUSES = 3;
const FAILURES = new Set(["failed", "timed_out", "cancelled"]);

function verdict(run) {
  const when = new Date(run.started);
  const text = when.toLocaleString("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
  const parameters = (run.parameters ?? []).map(([name, value]) => `${name}=${value}`).join(" ");
  return [
    element("span", { class: `status state-${run.status}` }, icon(run.status), capital(words(run.status))),
    element("h1", {}, run.job),
    element("span", { class: "facts" }, [`${plural(run.tasks.length, "task")} in ${duration(run.seconds)}`, parameters].filter(Boolean).join(" · "),
      element("span", { class: "less" }, ` · ${text} UTC`)),
  ];
}

function filterButtons(run, onFilter) {
  const counts = new Map(STATES.map((state) => [state, run.tasks.filter((task) => task.state === state).length]));
  return STATES.filter((state) => counts.get(state)).map((state) => element("button", {
    class: `state-${state}`, "aria-pressed": "false", "data-state": state, title: `Show only: ${words(state)}`, "aria-label": `${grouped(counts.get(state))} ${words(state)}`, click: () => onFilter(state),
  }, icon(state), element("span", {}, grouped(counts.get(state)))));
}

function causeLines(run, select) {
  const failed = run.tasks.flatMap((task, index) => (FAILURES.has(task.state) ? [index] : []));
  const lines = failed.slice(0, failed.length > MOST_CAUSES ? MOST_CAUSES - 1 : MOST_CAUSES).map((index) => {
    const { key, state, reason, attempts = [] } = run.tasks[index];
    const error = attempts.findLast((attempt) => attempt.error)?.error;
    const tries = attempts.length > 1 ? ` after ${attempts.length} attempts` : "";
    const why = error ? `${error.type}${error.message ? `: ${error.message}` : ""}` : reason ?? "";
    return element("button", { class: `state-${state}`, click: () => select(index) }, icon(state),
      element("span", {}, element("b", {}, key), ` ${words(state)}${tries}`), element("span", { class: "why" }, why.replace(/\s+/g, " ")));
  });
  const rest = failed.length - lines.length;
  if (rest > 0) lines.push(element("button", { class: "more state-failed", click: () => select(failed[lines.length]) }, `and ${grouped(rest)} more tasks that failed`));
  return lines;
}

function runDetails(run, { link }) {
  const byKey = new Map(run.tasks.map((task) => [task.key, task]));
  const kept = run.tasks.filter((task) => task.state === "success").length;
  const leaf = run.leaf_status !== run.status && `${words(run.leaf_status)}: there the tasks that nothing hangs on decide`;
  return [
    element("div", {}, element("h2", {}, icon(run.status), run.job),
      element("p", { class: "said" }, `${grouped(kept)} of ${plural(run.tasks.length, "task")} succeeded, in ${duration(run.seconds)}`),
      run.description && element("p", { class: "said" }, run.description)),
    run.cut && element("p", { class: "soft" }, run.cut),
    run.critical_path && section("Critical path", `${duration(run.critical_seconds ?? 0)} of ${duration(run.seconds)}`, chain(run, byKey, link)),
    run.result && resultSection(run, byKey, link),
    run.parameters && section("Parameters", "", facts(run.parameters.map(([name, value]) => [element("code", {}, name), element("code", {}, value || "(empty)")]))),
    section("Run", "", facts([
      ["id", element("code", {}, run.run_id)],
      ["started", run.started.replace("T", " ").replace("+00:00", " UTC")],
      ["target", run.target],
      ["on the platform", leaf],
      ["revision", run.revision && element("code", {}, run.revision)],
      ["outputs", run.folder && element("code", {}, run.folder)],
    ])),
  ].filter(Boolean);
}

/* What the run is for: what the body returns, part by part. */
function resultSection(run, byKey, link) {
  const more = run.more_results ?? 0;
  return section("Result", run.result.length + more > 1 && plural(run.result.length + more, "part"),
    run.result.map((each) => resultPart(each, byKey.get(each.upstream), link)),
    more > 0 && element("p", { class: "soft" }, `and ${plural(more, "more part")}`));
}

function resultPart({ place, upstream, part, output, text }, task, link) {
  const name = place && element("code", {}, place);
  if (!upstream) return element("p", { class: "part" }, name, name && " ", element("code", {}, text ?? ""));
  const shown = part ? output : task?.output;
  const note = task?.state === "success" ? shown && outputNote(shown) : words(task?.state ?? "");
  return [element("p", { class: "part" }, name, name && " ", "of ", link(upstream), part && element("code", {}, part), note && element("span", { class: "soft" }, ` · ${note}`)),
    shown && outputParts(shown)];
}

function chain(run, byKey, link) {
  const longest = Math.max(...run.critical_path.map((key) => took(byKey.get(key))), 0.001);
  const shown = [...run.critical_path].sort((one, other) => took(byKey.get(other)) - took(byKey.get(one))).slice(0, 15);
  const rest = run.critical_path.length - shown.length;
  const keep = new Set(shown);
  return [element("ol", { class: "chain" }, run.critical_path.filter((key) => keep.has(key)).map((key) => {
    const share = element("span", { class: "share" });
    share.style.width = `${(100 * took(byKey.get(key))) / longest}%`;
    return element("li", {}, link(key), element("span", {}, share), element("span", { class: "number" }, duration(took(byKey.get(key)))));
  })), rest > 0 && element("p", { class: "soft" }, `and ${plural(rest, "shorter task")}`)];
}
