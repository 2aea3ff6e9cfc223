"use strict";
/* A laid-out DAG as SVG: drawn once, moved by its view box, so that it also fits a resized window and paper. */

const FAR = 0.42; // Below this scale text cannot be read.
const LARGEST = 1.3;
const STEP = 1.3;

class Picture {
  constructor(frame, { nodes, edges, layout, onSelect }) {
    Object.assign(this, { frame, layout, onSelect, edges: [] });
    const flags = new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, edge]));
    this.edges = layout.edges.map((edge) => ({ ...edge, ...flags.get(`${edge.from} ${edge.to}`) }));
    this.chosen = shape("g");
    this.nodes = nodes.map((node, index) => this.node(node, index));
    const groups = ["", "critical"].map((name) => this.paths(name, this.edges.filter((edge) => Boolean(edge.critical) === (name === "critical"))));
    this.svg = shape("svg", { class: "picture", role: "img", "aria-label": `The DAG of ${nodes.length} tasks` },
      shape("g", { class: "edges" }, groups, this.chosen), shape("g", {}, this.nodes));
    this.buttons = element("div", { class: "zoom" },
      element("button", { class: "tool", "aria-label": "Zoom in", click: () => this.zoom(1 / STEP) }, "+"),
      element("button", { class: "tool", "aria-label": "Zoom out", click: () => this.zoom(STEP) }, "−"),
      element("button", { class: "tool", "aria-label": "Show all", click: () => this.fit() }, "⤢"));
    this.resizes = new ResizeObserver(() => (this.moved ? this.show(this.view) : this.fit()));
    this.fit();
    listen(this);
  }

  /* Into the page, when all is set: what is measured after that lays out every node anew. */
  attach() {
    this.frame.prepend(this.svg);
    this.frame.append(this.buttons);
    this.resizes.observe(this.frame);
  }

  remove() {
    this.resizes.disconnect();
    this.svg.remove();
    this.buttons.remove();
  }

  node(node, index) {
    const { title, note, state } = node;
    const { x, y, width, height } = this.layout.nodes[index];
    const [left, middle] = [textLeft(node), height / 2];
    const twoLines = height > 30 && note;
    return shape("g", { class: `node state-${state}`, "data-index": index, transform: `translate(${x - width / 2} ${y - middle})` },
      shape("title", {}, `${title}: ${words(state)}`),
      shape("rect", { width, height, rx: 7 }),
      state in MARKS && [
        shape("circle", { class: "badge", cx: 16, cy: middle, r: 7.5 }),
        shape("path", { class: "mark", d: MARKS[state], transform: `translate(8 ${middle - 8})` }),
      ],
      shape("text", { x: left, y: twoLines ? middle - 3 : middle + 4 }, short(title)),
      twoLines && shape("text", { class: "note", x: left, y: middle + 12 }, note));
  }

  /* All edges of a kind are two paths: lines and arrow heads; those that only order are dashed. Ends point along the ranks. */
  paths(name, edges) {
    const line = ({ points: [start, ...rest] }) => `M${start.join(" ")}C${rest.map((point) => point.join(" ")).join(" ")}`;
    const head = ({ points }) => {
      const [x, y] = points.at(-1);
      return this.layout.down ? `M${x} ${y}l-3.5 -7h7z` : `M${x} ${y}l-7 -3.5v7z`;
    };
    return [
      [name, edges.filter((edge) => !edge.order)], [`${name} order`.trim(), edges.filter((edge) => edge.order)],
    ].filter(([, some]) => some.length).map(([kind, some]) => [
      shape("path", { class: kind, d: some.map(line).join("") }), shape("path", { class: `heads ${kind}`, d: some.map(head).join("") }),
    ]);
  }

  select(index, reveal) {
    this.svg.querySelector(".selected")?.classList.remove("selected");
    const own = this.edges.filter((edge) => edge.from === index || edge.to === index);
    this.chosen.replaceChildren(...(index == null ? [] : this.paths("chosen", own).flat()));
    if (index == null) return;
    this.nodes[index].classList.add("selected");
    if (reveal) this.reveal(this.layout.nodes[index]);
  }

  fade(isFaded) {
    this.nodes.forEach((node, index) => node.classList.toggle("faded", isFaded(index)));
  }

  get scale() {
    return Math.min(this.frame.clientWidth / this.view.width, this.frame.clientHeight / this.view.height);
  }

  fit() {
    const margin = 14;
    const width = Math.max(this.layout.width + 2 * margin, this.frame.clientWidth / LARGEST);
    const height = Math.max(this.layout.height + 2 * margin, this.frame.clientHeight / LARGEST);
    this.moved = false;
    this.show({ x: (this.layout.width - width) / 2, y: (this.layout.height - height) / 2, width, height });
  }

  show(view) {
    this.view = view;
    this.svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    this.svg.classList.toggle("far", this.scale < FAR);
  }

  move(view) {
    this.moved = true;
    this.show(view);
  }

  /* Zoom about a point of the picture, by default the middle. */
  zoom(factor, [x, y] = [this.view.x + this.view.width / 2, this.view.y + this.view.height / 2]) {
    const wanted = Math.min(3, Math.max(0.01, this.scale / factor));
    const by = this.scale / wanted;
    const { x: left, y: top, width, height } = this.view;
    this.move({ x: x - (x - left) * by, y: y - (y - top) * by, width: width * by, height: height * by });
  }

  /* Bring a node into sight, near enough to be read. */
  reveal({ x, y, width, height }) {
    const { x: left, y: top, width: wide, height: high } = this.view;
    const isInside = x - width / 2 > left && x + width / 2 < left + wide && y - height / 2 > top && y + height / 2 < top + high;
    if (isInside && this.scale >= FAR) return;
    const scale = Math.max(this.scale, 0.8);
    const size = { width: this.frame.clientWidth / scale, height: this.frame.clientHeight / scale };
    this.move({ x: x - size.width / 2, y: y - size.height / 2, ...size });
  }
}

/* Drag with one pointer, pinch with two, zoom with the wheel; a press that does not move selects. */
function listen(picture) {
  const { svg } = picture;
  const pointers = new Map();
  let moved = 0;
  const place = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  const spread = () => {
    const [one, other] = [...pointers.values()];
    return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  };
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    picture.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 200), place(event));
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => {
    if (!pointers.size) moved = 0;
    pointers.set(event.pointerId, event);
  });
  svg.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const before = pointers.size === 2 ? spread() : 0;
    const [[fromX, fromY], [toX, toY]] = [place(last), place(event)];
    pointers.set(event.pointerId, event);
    moved += Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY);
    if (moved < 4) return;
    svg.setPointerCapture(event.pointerId);
    if (before) picture.zoom(before / spread(), [toX, toY]);
    else picture.move({ ...picture.view, x: picture.view.x + fromX - toX, y: picture.view.y + fromY - toY });
  });
  const end = (event) => pointers.delete(event.pointerId);
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", end);
  svg.addEventListener("click", (event) => {
    const node = event.target.closest(".node");
    if (moved < 4) picture.onSelect(node ? Number(node.dataset.index) : null);
  });
}
