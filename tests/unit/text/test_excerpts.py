from lakewright.text.excerpts import excerpt


def test_a_line_without_columns_has_no_carets() -> None:
    assert excerpt("x = 1\n", 7) == "     7 | x = 1"


def test_carets_stand_below_the_span() -> None:
    assert excerpt("a = len(b)", 3, column=5, end_column=11).splitlines()[1] == "       |     ^^^^^^"


def test_carets_of_a_span_over_several_lines_end_with_the_line() -> None:
    assert excerpt("a = f(", 3, column=5, end_column=90).splitlines()[1] == "       |     ^^"


def test_a_span_without_an_end_gets_one_caret() -> None:
    assert excerpt("a = b", 3, column=5).splitlines()[1] == "       |     ^"


def test_a_tab_moves_text_and_carets_alike() -> None:
    assert excerpt("\tlen(b)", 3, column=2, end_column=8).splitlines()[1] == "       | \t^^^^^^"


def test_a_column_behind_the_line_is_not_shown() -> None:
    assert excerpt("a", 3, column=9) == "     3 | a"
