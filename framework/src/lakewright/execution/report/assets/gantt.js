"use strict";
/* When each task ran: a row a task, a bar an attempt. */

const TICKS = 6;

function drawGantt(frame, run, onSelect) {
  const end = Math.max(run.seconds, ...run.tasks.map(ended), 0.001);
  const order = byTime(run.tasks);
  const rows = new Map(order.map((index) => [index, ganttRow(run.tasks[index], index, end, run.critical)]));
  const ticks = niceTicks(end);
  const empty = element("p", { class: "none", hidden: true }, "No task fits.");
  const list = element("div", { class: "rows", role: "listbox", tabindex: 0, "aria-label": "Tasks in order of start" },
    element("div", { class: "axis" }, element("div", { class: "legend" }, run.critical.size > 0 && "critical path"), track(ticks.map((tick) => tickMark(tick, end, ticks)))),
    [...rows.values()], empty);
  list.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) onSelect(Number(row.dataset.index));
  });
  if (ticks.length > 1) list.style.setProperty("--step", `${(100 * ticks[1]) / end}%`);
  frame.append(list);
  let shown = order;
  let chosen;
  return {
    order: () => shown,
    select(index) {
      chosen?.setAttribute("aria-selected", "false");
      chosen = rows.get(index);
      list.setAttribute("aria-activedescendant", chosen?.id ?? "");
      chosen?.setAttribute("aria-selected", "true");
      if (chosen) reveal(list, chosen);
    },
    filter(fits) {
      shown = order.filter(fits);
      const left = new Set(shown);
      rows.forEach((row, index) => { row.hidden = !left.has(index); });
      empty.hidden = shown.length > 0;
    },
  };
}

/* Scroll the list only: the page itself stays where it is. */
function reveal(list, row) {
  const top = row.offsetTop - list.scrollTop;
  if (top < 30 || top > list.clientHeight - 30) list.scrollTop = row.offsetTop - list.clientHeight / 2;
}

const started = (task) => task.attempts?.[0].start ?? Infinity;
const ended = (task) => (task.attempts ? task.attempts.at(-1).start + task.attempts.at(-1).seconds : 0);
const took = (task) => (task.attempts ? ended(task) - started(task) : 0);

function byTime(tasks) {
  const compare = (one, other) => (started(tasks[one]) === started(tasks[other]) ? one - other : started(tasks[one]) - started(tasks[other]));
  return tasks.map((_, index) => index).sort(compare);
}

const track = (...children) => element("div", { class: "track" }, ...children);

function ganttRow(task, index, end, critical) {
  const name = element("div", { class: "name" }, icon(task.state), element("span", { title: task.key }, task.key));
  const row = { class: `row state-${task.state}${critical.has(task.key) ? " critical" : ""}${task.attempts ? "" : " idle"}`, id: `row-${index}`, role: "option",
    "aria-selected": "false", "data-index": index };
  if (!task.attempts) return element("div", row, name, track(element("div", { class: "never" }, task.reason || words(task.state))));
  const marks = task.attempts.flatMap((attempt, number) => {
    const next = task.attempts[number + 1];
    const bar = span(`bar state-${attempt.state}${next ? " again" : ""}`, attempt.start, attempt.seconds, end);
    bar.title = `attempt ${attempt.number}: ${words(attempt.state)}, ${duration(attempt.seconds)}`;
    const pause = attempt.start + attempt.seconds;
    return next ? [bar, span(`pause state-${attempt.state}`, pause, next.start - pause, end)] : [bar];
  });
  if (task.wait?.queued) {
    const queue = span("queue", task.wait.ready, task.wait.queued, end);
    queue.title = `waited ${duration(task.wait.queued)} for a free worker`;
    marks.unshift(queue);
  }
  const label = span("took", ended(task), 0, end);
  label.append(duration(took(task)));
  return element("div", row, name, track(marks, label));
}

function span(name, start, seconds, end) {
  const found = element("span", { class: name });
  found.style.left = `${(100 * start) / end}%`;
  if (seconds) found.style.width = `${(100 * seconds) / end}%`;
  return found;
}

/* Round steps: 1, 2 or 5 of a decimal, or minutes and hours as clocks have them. */
function niceTicks(end) {
  const decimals = [0.001, 0.01, 0.1, 1, 10].flatMap((unit) => [unit, 2 * unit, 5 * unit]);
  const clock = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
  const steps = [...decimals.filter((step) => step < 15), ...clock].sort((one, other) => one - other);
  const step = steps.find((each) => end / each <= TICKS) ?? end / TICKS;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

function tickMark(tick, end, ticks) {
  const step = ticks[1] ?? 1;
  const text = !tick ? "0" : step >= 60 || tick >= 60 ? duration(tick).replace(" 0 s", "").replace(" 0 min", "")
    : `${tick.toFixed(Math.max(0, Math.ceil(-Math.log10(step) - 0.001)))} s`;
  const mark = span("tick", tick, 0, end);
  mark.append(text);
  return mark;
}
