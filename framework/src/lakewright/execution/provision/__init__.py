"""Packages of one run: made from an archive before its tasks, given to each of them, removed behind them."""
