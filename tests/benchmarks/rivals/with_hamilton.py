"""Hamilton: a node is a function whose parameters name others; one after the other, no retries, no state."""

from hamilton import ad_hoc_utils, driver

from tests.benchmarks.rivals.graph import CHAINS, LENGTH, advance, check, start

FIRST = """
def task_{chain}_0() -> list:
    return start({chain})
"""
FOLLOWING = """
def task_{chain}_{step}(task_{chain}_{before}: list) -> list:
    return advance(task_{chain}_{before})
"""


def nodes() -> list[object]:
    """A function for each task: the name of its parameter is the edge."""
    found: list[object] = []
    for chain in range(CHAINS):
        for step in range(LENGTH):
            scope: dict[str, object] = {"start": start, "advance": advance}
            exec((FOLLOWING if step else FIRST).format(chain=chain, step=step, before=step - 1), scope)  # noqa: S102  text of this file
            found.append(scope[f"task_{chain}_{step}"])
    return found


dag = driver.Builder().with_modules(ad_hoc_utils.create_temporary_module(*nodes(), module_name="nodes")).build()
wanted = [f"task_{chain}_{LENGTH - 1}" for chain in range(CHAINS)]
values = dag.execute(wanted)
check([values[name] for name in wanted])
