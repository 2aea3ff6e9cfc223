from lakewright.model.edge import Edge


def test_edges_are_equal_by_what_they_say_and_can_be_put_in_order() -> None:
    data = Edge(upstream="load", downstream="clean", argument="rows")
    assert data == Edge(upstream="load", downstream="clean", argument="rows")
    assert len({data, Edge(upstream="load", downstream="clean")}) == 2
    first, second = (Edge(upstream=name, downstream="c") for name in "ab")
    assert sorted([second, first]) == [first, second]
