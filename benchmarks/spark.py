"""Time and memory of counting pairs on Spark, against the local engine, on made-up reports in Parquet.

    python benchmarks/spark.py                    1 and 3 million reports on two cores
    python benchmarks/spark.py --millions 1 3 10 --master 'local[2]' --partitions 32

Every size runs in a process of its own. Peak memory is that of Spark (the Java process) and of Python, as the kernel saw
it; the seconds of Spark include its start, which is given beside them. Prints one row per size, and stops if the answers differ.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from signals_data import Made, write

from untoward.engines.spark import count_pairs_spark
from untoward.engines.spark_session import session
from untoward.watch.signals.counting import count_pairs

HEADER = (
    "reports (M)   Parquet (MB)   start (s)   Spark (s)   Java (MB)   Python (MB)   local engine (s)   pairs"
)


def main() -> int:
    """Every size asked for."""
    options = arguments()
    if options.folder:
        print(json.dumps(measured(Path(options.folder), options)))
        return 0
    print(HEADER)
    for millions in options.millions:
        with tempfile.TemporaryDirectory(prefix="untoward-bench-") as folder:
            write(Made(reports=round(millions * 1_000_000)), Path(folder))
            line = in_own_process(folder, options)
        print(
            f"{millions:11g}   {line['megabytes']:12.0f}   {line['start']:9.1f}   {line['spark']:9.1f}   {line['java']:9.0f}   "
            f"{line['python']:11.0f}   {line['local']:16.1f}   {line['pairs']:,}",
            flush=True,
        )
    return 0


def arguments() -> argparse.Namespace:
    """What to run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 3])
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--partitions", type=int, default=32)
    parser.add_argument("--memory", default="2g", help="largest Java heap")
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


def in_own_process(folder: str, options: argparse.Namespace) -> dict[str, float]:
    """One size, so that no size finds the memory of another."""
    command = [sys.executable, __file__, "--folder", folder, "--master", options.master]
    command += ["--partitions", str(options.partitions), "--memory", options.memory]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(said.splitlines()[-1])


def measured(folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """Seconds and megabytes of one size; the local engine runs afterwards, so it is in no figure of Spark's."""
    drugs, events = folder / "drugs", folder / "events"
    begun = time.perf_counter()
    with session(options.master, {"spark.driver.memory": options.memory}) as spark:
        started = time.perf_counter()
        counts = count_pairs_spark(drugs, events, roles="all", partitions=options.partitions)
        done = time.perf_counter()
        java, python = peak(spark.sparkContext._gateway.proc.pid), peak("self")
    local_begun = time.perf_counter()
    local = count_pairs(pl.scan_parquet(drugs / "*.parquet"), pl.scan_parquet(events / "*.parquet"))
    local_done = time.perf_counter()
    if not local.frame().equals(counts.frame()):
        raise SystemExit("Spark and the local engine differ.")
    return {
        "megabytes": sum(file.stat().st_size for file in folder.rglob("*.parquet")) / 1e6,
        "start": started - begun,
        "spark": done - begun,
        "java": java,
        "python": python,
        "local": local_done - local_begun,
        "pairs": len(counts),
    }


def peak(process: int | str) -> float:
    """Largest resident memory of a process so far, in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
