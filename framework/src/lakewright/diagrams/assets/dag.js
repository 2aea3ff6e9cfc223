"use strict";
/* The picture of a DAG: Graphviz lays it out in a worker, so that the page is there at once; here it is drawn and moved. */

const INCH = 72;
const MANY_NODES = 150; // From here on a node has one line.
const MANY_EDGES = 1500; // From here on Graphviz takes straight edges and fewer rounds.
const TOO_MANY_EDGES = 4000; // From here on it would take seconds.
const PATIENCE = 8000; // Milliseconds.
const SOON = 2500;
const FOLDED_GAIN = 3; // Graphviz' edges are clearer: what it draws too small to read must be shown so much larger.
const WORKER = `
onmessage = async ({ data }) => {
  const viz = await Viz.instance();
  postMessage(data.map((dot) => viz.renderString(dot, { format: "plain" })));
};`;

/* A picture in `frame`. A node is {title, note, state}, an edge {from, to, order, critical}: indices and flags. */
function drawDag(frame, nodes, edges, onSelect) {
  const hint = element("p", { class: "hint" }, "Drawing…");
  frame.append(hint);
  const sizes = nodeSizes(nodes);
  const pairs = edges.map((edge) => [edge.from, edge.to]);
  const scale = (layout) => Math.min(frame.clientWidth / layout.width, frame.clientHeight / layout.height, 1);
  const wanted = { index: null, reveal: false, isFaded: () => false };
  let picture = null;
  const draw = (layout) => {
    hint.remove();
    picture?.remove();
    picture = new Picture(frame, { nodes, edges, layout, onSelect });
    picture.fade(wanted.isFaded);
    picture.select(wanted.index, wanted.reveal);
    picture.attach();
  };
  // A plain picture where Graphviz is slow, or never answers, as in a browser whose clock is not the world's.
  const plain = setTimeout(() => draw(layeredLayout(sizes, pairs, scale)), SOON);
  const drawn = layOut(sizes, pairs, scale).then((layout) => {
    clearTimeout(plain);
    draw(layout);
  });
  return { // What is asked before the picture is there is done when it is.
    select(index, reveal) {
      Object.assign(wanted, { index, reveal });
      picture?.select(index, reveal);
    },
    fade(isFaded) {
      wanted.isFaded = isFaded;
      picture?.fade(isFaded);
    },
    drawn,
  };
}

function nodeSizes(nodes) {
  const pen = document.createElement("canvas").getContext("2d");
  const small = nodes.length > MANY_NODES;
  return nodes.map((node) => {
    pen.font = "600 12px system-ui, sans-serif";
    const title = pen.measureText(short(node.title)).width;
    pen.font = "400 11px system-ui, sans-serif";
    const note = small ? 0 : pen.measureText(node.note).width;
    return { width: Math.ceil(Math.max(title, note, 40)) + textLeft(node) + 11, height: small ? 24 : 40 };
  });
}

/* Where the text of a node begins: a badge stands before it, where something has run. */
const textLeft = (node) => (node.state in MARKS ? 31 : 14);

function short(text, limit = 30) {
  const line = text.replace(/\s+/g, " ");
  return line.length <= limit ? line : `${line.slice(0, limit - 11)}…${line.slice(-10)}`;
}

async function layOut(sizes, pairs, scale) {
  if (pairs.length > TOO_MANY_EDGES) return layeredLayout(sizes, pairs, scale);
  const directions = sizes.length > MANY_NODES ? ["LR"] : ["LR", "TB"];
  try {
    const plain = await graphviz(directions.map((direction) => dotText(sizes, pairs, direction)));
    const layouts = plain.map((text, index) => readPlain(text, directions[index] === "TB"));
    const best = largest(layouts, scale);
    if (scale(best) >= FAR) return best;
    const folded = layeredLayout(sizes, pairs, scale);
    return scale(folded) > FOLDED_GAIN * scale(best) ? folded : best;
  } catch (error) {
    console.warn("Graphviz could not draw this graph:", error);
    return layeredLayout(sizes, pairs, scale);
  }
}

/* Only numbers go to Graphviz: no name can be read as DOT. */
function dotText(sizes, pairs, direction) {
  const [tail, head] = direction === "LR" ? ["e", "w"] : ["s", "n"];
  const quick = pairs.length > MANY_EDGES ? "splines=line nslimit=1 nslimit1=1 mclimit=0.1" : "";
  const lines = sizes.map(({ width, height }, index) => `n${index}[width=${width / INCH} height=${height / INCH}]`);
  const arrows = pairs.map(([from, to]) => `n${from}->n${to}`);
  return `digraph{rankdir=${direction} nodesep=0.18 ranksep=0.5 ${quick}
    node[shape=box fixedsize=true label=""] edge[tailport=${tail} headport=${head} arrowhead=none]
    ${lines.join("\n")}\n${arrows.join("\n")}}`;
}

async function graphviz(dots) {
  // Graphviz is the last thing in the file: the rest of the page is there before it has been read.
  if (document.readyState === "loading") await new Promise((read) => addEventListener("DOMContentLoaded", read, { once: true }));
  const text = atob(byId("graphviz").textContent);
  const packed = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) packed[index] = text.charCodeAt(index);
  const source = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const url = URL.createObjectURL(new Blob([await new Response(source).blob(), WORKER]));
  const policy = self.trustedTypes?.createPolicy("graphviz", { createScriptURL: (text) => text });
  const worker = new Worker(policy ? policy.createScriptURL(url) : url);
  try {
    return await new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error("it takes too long")), PATIENCE);
      worker.onerror = (event) => reject(new Error(event.message || "no worker"));
      worker.onmessage = (event) => resolve(event.data);
      worker.postMessage(dots);
    });
  } finally {
    worker.terminate();
    URL.revokeObjectURL(url);
  }
}

/* Graphviz' `plain` format: a line for each node and edge, in inches, from the bottom up. */
function readPlain(text, down) {
  const layout = { nodes: [], edges: [], down };
  for (const line of text.split("\n")) {
    const [kind, ...words] = line.split(" ");
    const number = (index) => Number(words[index]) * INCH;
    if (kind === "graph") Object.assign(layout, { width: number(1), height: number(2) });
    if (kind === "node") {
      const place = { x: number(1), y: layout.height - number(2), width: number(3), height: number(4) };
      layout.nodes[Number(words[0].slice(1))] = place;
    }
    if (kind === "edge") {
      const points = Array.from({ length: Number(words[2]) },
        (_, index) => [number(3 + 2 * index), layout.height - number(4 + 2 * index)]);
      layout.edges.push({ from: Number(words[0].slice(1)), to: Number(words[1].slice(1)), points });
    }
  }
  return layout;
}
