"""Measures the answers: sets of cases, scores, comparisons, benchmarks."""
