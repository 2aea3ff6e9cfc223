"use strict";
/* A job as it is written: nothing has run. */

function show() {
  const { name, signature, facts: said, description, tasks } = content();
  const indices = new Map(tasks.map((task, index) => [task.key, index]));
  const link = (key) => element("button", { class: "link", click: () => select(indices.get(key), true) }, key);
  const close = element("button", { class: "tool close", "aria-label": "Close", click: () => select(null) }, "✕");
  let chosen = null;

  byId("signature").append(signature || name);
  byId("facts").append([said, description].filter(Boolean).join(" · "));
  followTheme(byId("theme"));

  function select(index, reveal = false) {
    chosen = index;
    byId("details").hidden = index == null;
    if (index != null) byId("details").replaceChildren(...about(tasks[index], link, close));
    picture.select(index, reveal);
  }

  const nodes = tasks.map(({ key, inputs }) => {
    const own = inputs.filter(([, from]) => !from).map(([argument]) => argument);
    return { title: key, note: own.length ? `(${own.join(", ")})` : "", state: "planned" };
  });
  const edges = tasks.flatMap(({ upstream, inputs }, to) => upstream.map((key) => (
    { from: indices.get(key), to, order: !inputs.some(([, from]) => from === key) })));
  const picture = drawDag(byId("dag"), nodes, edges, (index) => select(index));

  addEventListener("keydown", ({ key }) => {
    const side = { ArrowLeft: "upstream", ArrowRight: "downstream" }[key];
    if (key === "Escape") select(null);
    else if (side && chosen != null && tasks[chosen][side].length) select(indices.get(tasks[chosen][side][0]), true);
  });
}

function about(task, link, close) {
  const inputs = task.inputs.map(([argument, from, text]) => [element("code", {}, argument),
    from ? ["← ", link(from), text && element("code", {}, text)] : element("code", {}, text)]);
  return [
    element("div", {}, element("h2", {}, task.key, close), task.description && element("p", { class: "said" }, task.description)),
    inputs.length > 0 && section("Inputs", "", facts(inputs)),
    section("Task", "", facts([
      ["after", task.upstream.length > 0 && names(task.upstream, link)],
      ["before", task.downstream.length > 0 && names(task.downstream, link)],
      ["function", element("code", {}, task.function)],
      ["called in", task.location && element("code", {}, task.location)],
      ...task.settings,
    ])),
  ].filter(Boolean);
}

show();
