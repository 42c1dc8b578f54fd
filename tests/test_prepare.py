"""Reports are prepared in the order given, whatever becomes of the processes that help."""

from multiprocessing import active_children

from conftest import MakeReport

from index.prepare import Tools, in_processes
from index.store import Index


def test_what_an_ended_process_had_to_prepare_is_prepared_here(index: Index, tools: Tools, make_report: MakeReport):
    reports = [make_report(f"Bridge number {n} reopened.", id=f"r{n}") for n in range(20)]
    with in_processes(tools, 2, lambda: (index.embedder, index.gazetteer), batch=2) as prepare:
        prepared = prepare(reports)
        first = next(prepared)
        for process in active_children():
            process.kill()
            process.join()
        rest = list(prepared)

    assert [one.report.id for one in (first, *rest)] == [f"r{n}" for n in range(20)]
