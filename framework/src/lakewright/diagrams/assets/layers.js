"use strict";
/* A plain layered layout: for graphs with too many edges for Graphviz, and where it cannot run. */

function layeredLayout(sizes, pairs) {
  const children = sizes.map(() => []);
  const parents = sizes.map(() => []);
  for (const [from, to] of pairs) {
    children[from].push(to);
    parents[to].push(from);
  }
  const layers = orderedLayers(longestPaths(parents, children), parents);
  const gap = 14;
  const heights = layers.map((layer) => layer.reduce((sum, node) => sum + sizes[node].height + gap, 0));
  const height = Math.max(...heights);
  const places = [];
  let x = 0;
  layers.forEach((layer, number) => {
    const width = Math.max(...layer.map((node) => sizes[node].width));
    let y = (height - heights[number]) / 2;
    for (const node of layer) {
      places[node] = { ...sizes[node], x: x + width / 2, y: y + sizes[node].height / 2 };
      y += sizes[node].height + gap;
    }
    x += width + 70;
  });
  const edges = pairs.map(([from, to]) => ({ from, to, points: curve(places[from], places[to]) }));
  return { width: x - 70, height, nodes: places, edges, down: false };
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

function curve(from, to) {
  const start = [from.x + from.width / 2, from.y];
  const end = [to.x - to.width / 2, to.y];
  const bend = Math.max(30, (end[0] - start[0]) / 2);
  return [start, [start[0] + bend, start[1]], [end[0] - bend, end[1]], end];
}
