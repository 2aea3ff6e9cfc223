"use strict";
/* Puts the report together: one task is chosen at a time, everywhere. */

function report() {
  const run = { tasks: [], ...content() };
  run.critical = new Set(run.critical_path);
  const indices = new Map(run.tasks.map((task, index) => [task.key, index]));
  const details = byId("details");
  let chosen = null;
  let state = null;

  const link = (key) => element("button", { class: "link", title: key, click: () => select(indices.get(key)) }, key);
  const close = element("button", { class: "tool close", "aria-label": "Back to the run", click: () => select(null) }, "✕");
  const gantt = drawGantt(byId("gantt"), run, (index) => select(index));
  byId("verdict").append(...verdict(run));
  byId("causes").append(...causeLines(run, (index) => select(index)));
  byId("filters").append(...filterButtons(run, (wanted) => { state = state === wanted ? null : wanted; filter(); }));
  followTheme(byId("theme"));

  function show(index) {
    chosen = index;
    gantt.select(index);
    details.replaceChildren(...(index == null ? runDetails(run, { link }) : taskDetails(run.tasks[index], { link, close })));
    details.scrollTop = 0;
  }

  function select(index, reveal = true) {
    show(index);
    picture.select(index, reveal);
    history.replaceState(null, "", index == null ? location.pathname + location.search : `#${encodeURIComponent(run.tasks[index].key)}`);
    if (details.offsetTop > byId("dag").offsetTop + 10) details.scrollIntoView({ block: "start" });
  }

  const firstFailure = run.tasks.findIndex((task) => FAILURES.has(task.state));
  const asked = run.tasks.findIndex((task) => `#${encodeURIComponent(task.key)}` === location.hash);
  const first = [asked, firstFailure].find((index) => index >= 0) ?? null;
  show(first);
  const picture = drawDag(byId("dag"), run.tasks.map(nodeOf), edgesOf(run, indices), (index) => select(index, false));
  picture.select(first, true);

  function filter() {
    const wanted = byId("search").value.trim().toLowerCase();
    const fits = (index) => (!state || run.tasks[index].state === state) && (!wanted || searchable(run.tasks[index]).includes(wanted));
    gantt.filter(fits);
    picture.fade((index) => !fits(index));
    for (const button of byId("filters").children) button.setAttribute("aria-pressed", String(button.dataset.state === state));
  }

  byId("search").addEventListener("input", filter);
  listenToKeys({
    run, select, chosen: () => chosen, order: gantt.order,
    clear: () => { byId("search").value = ""; state = null; filter(); },
  });
  return picture.drawn;
}

function nodeOf(task) {
  const rows = task.output?.rows;
  const parts = [task.attempts && duration(took(task)), rows != null && plural(rows, "row")].filter(Boolean);
  return { title: task.key, note: parts.join(" · ") || words(task.state), state: task.state };
}

function edgesOf(run, indices) {
  const steps = new Set((run.critical_path ?? []).slice(1).map((key, index) => `${run.critical_path[index]}\n${key}`));
  return run.tasks.flatMap((task, to) => {
    const data = new Set((task.inputs ?? []).map((input) => input.upstream));
    return (task.upstream ?? []).map((key) => ({
      from: indices.get(key), to, order: !data.has(key), critical: steps.has(`${key}\n${task.key}`),
    }));
  });
}

function searchable(task) {
  const errors = (task.attempts ?? []).map(({ error }) => (error ? `${error.type} ${error.message ?? ""}` : ""));
  return [task.key, task.description, words(task.state), task.function, ...errors].join("\n").toLowerCase();
}

/* Arrows walk over the tasks, unless the reader types or scrolls in a box of text. */
function listenToKeys({ run, select, chosen, order, clear }) {
  const walk = (step) => {
    const shown = order();
    const at = shown.indexOf(chosen());
    const next = at < 0 ? (step > 0 ? 0 : shown.length - 1) : at + step;
    if (shown[next] != null) select(shown[next]);
  };
  const along = (side) => {
    const keys = chosen() == null ? [] : run.tasks[chosen()][side] ?? [];
    const key = keys.find((each) => run.critical.has(each)) ?? keys[0];
    if (key != null) select(run.tasks.findIndex((task) => task.key === key));
  };
  const nextFailure = () => {
    const failed = run.tasks.flatMap((task, index) => (FAILURES.has(task.state) ? [index] : []));
    if (failed.length) select(failed.find((index) => index > (chosen() ?? -1)) ?? failed[0]);
  };
  const keys = {
    ArrowDown: () => walk(1), ArrowUp: () => walk(-1), ArrowLeft: () => along("upstream"), ArrowRight: () => along("downstream"),
    f: nextFailure, t: () => byId("theme").click(), "/": () => byId("search").select(),
  };
  addEventListener("keydown", (event) => {
    const isTyping = event.target === byId("search");
    if (event.key === "Escape") {
      clear();
      if (!isTyping) select(null);
      byId("search").blur();
    } else if (isTyping && event.key === "Enter") {
      byId("search").blur();
      if (order().length) select(order()[0]);
    } else if (!isTyping && keys[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("pre, .table")) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}

report().then(() => performance.mark("drawn"));
performance.mark("ready");
