"use strict";
/* A plain layered layout: at once, for graphs with too many edges for Graphviz, and where it cannot run.
   A layer with many nodes is folded into columns, so that the whole fits a screen and can still be read. */

const FOLDS = [Infinity, 64, 48, 32, 24, 16, 12, 8, 6, 4]; // Rows of a layer at most.
const [ROW_GAP, COLUMN_GAP, LAYER_GAP] = [14, 36, 70];

/* The fold that `scale`, the size at which a layout is shown, is best for. */
function layeredLayout(sizes, pairs, scale) {
  const children = sizes.map(() => []);
  const parents = sizes.map(() => []);
  for (const [from, to] of pairs) {
    children[from].push(to);
    parents[to].push(from);
  }
  const layers = orderedLayers(longestPaths(parents, children), parents);
  const layout = largest(FOLDS.map((rows) => folded(layers, rows, sizes)), scale);
  return { ...layout, edges: pairs.map(([from, to]) => ({ from, to, points: route(layout.nodes[from], layout.nodes[to]) })) };
}

/* The layout that is shown largest; of nearly equal ones the first. */
function largest(layouts, scale) {
  return layouts.reduce((best, layout) => (scale(layout) > 1.3 * scale(best) ? layout : best));
}

function folded(layers, most, sizes) {
  const heightOf = (nodes) => nodes.reduce((sum, node) => sum + sizes[node].height + ROW_GAP, 0);
  const height = Math.max(...layers.map((layer) => heightOf(layer.slice(0, most))));
  const places = [];
  let left = 0;
  for (const layer of layers) {
    const columns = inColumns(layer, most);
    const widths = columns.map((column) => Math.max(...column.map((node) => sizes[node].width)));
    const block = { left, right: left + widths.reduce((sum, width) => sum + width + COLUMN_GAP, -COLUMN_GAP), columns: columns.length };
    let x = left;
    columns.forEach((column, at) => {
      let y = (height - heightOf(columns[0])) / 2;
      for (const node of column) {
        places[node] = { ...sizes[node], x: x + widths[at] / 2, y: y + sizes[node].height / 2, block };
        y += sizes[node].height + ROW_GAP;
      }
      x += widths[at] + COLUMN_GAP;
    });
    left = block.right + LAYER_GAP;
  }
  return { width: left - LAYER_GAP, height, nodes: places, down: false };
}

/* Columns of nearly equal length, filled one after the other. */
function inColumns(layer, most) {
  const rows = Math.ceil(layer.length / Math.max(1, Math.ceil(layer.length / most)));
  return Array.from({ length: Math.ceil(layer.length / rows) }, (_, column) => layer.slice(column * rows, (column + 1) * rows));
}

/* How many edges lead to each node on the longest way. */
function longestPaths(parents, children) {
  const waiting = parents.map((each) => each.length);
  const depth = parents.map(() => 0);
  const ready = waiting.flatMap((count, node) => (count ? [] : [node]));
  for (let next = 0; next < ready.length; next++) {
    for (const child of children[ready[next]]) {
      depth[child] = Math.max(depth[child], depth[ready[next]] + 1);
      if (!--waiting[child]) ready.push(child);
    }
  }
  return depth;
}

/* The nodes of each depth, each near the middle of its parents. */
function orderedLayers(depth, parents) {
  const layers = [];
  depth.forEach((at, node) => (layers[at] ??= []).push(node));
  const place = [];
  for (const layer of layers) {
    const middle = (node) => parents[node].reduce((sum, each) => sum + place[each], 0) / parents[node].length || 0;
    const wanted = new Map(layer.map((node) => [node, middle(node)]));
    layer.sort((one, other) => wanted.get(one) - wanted.get(other));
    layer.forEach((node, index) => (place[node] = (index + 0.5) / layer.length));
  }
  return layers;
}

/* From node to node; into a folded layer and out of it between its rows, so that no edge runs behind a node. */
function route(from, to) {
  const leaves = from.block.columns > 1;
  const enters = to.block.columns > 1;
  const start = [from.x + from.width / 2, from.y];
  const end = [to.x - to.width / 2, to.y];
  const out = from.y + from.height / 2 + 5;
  const way = to.y - to.height / 2 - 5;
  const exit = leaves ? [Math.max(from.block.right, start[0] + 16), out] : start;
  const entry = enters ? [Math.min(to.block.left, end[0] - 16), way] : end;
  const bend = Math.max(30, (entry[0] - exit[0]) / 2);
  return [
    start,
    ...(leaves ? [...corner(start, [start[0] + 16, out]), ...straight([start[0] + 16, out], exit)] : []),
    [exit[0] + bend, exit[1]], [entry[0] - bend, entry[1]], entry,
    ...(enters ? [...straight(entry, [end[0] - 16, way]), ...corner([end[0] - 16, way], end)] : []),
  ];
}

const straight = (from, to) => [from, to, to];
const corner = (from, to) => [[(from[0] + to[0]) / 2, from[1]], [(from[0] + to[0]) / 2, to[1]], to];
