"""What a query reads, as EXPLAIN tells it, on either database."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.db.models import QuerySet


def explain(query: QuerySet[Any, Any]) -> list[str]:
    """The plan, a line a step, with what it reads."""
    return steps_of(*query.query.sql_with_params())


def steps_of(statement: str, params: Any) -> list[str]:
    """The plan of a statement, a line a step, with what it reads."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", params)
            return [row[-1] for row in cursor.fetchall()]
        # In a small table reading all of it is cheap. Forbidden, it is left only where no index can serve.
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}", params)
        ((plans,),) = cursor.fetchall()
        cursor.execute("RESET enable_seqscan")
    steps: list[str] = []
    waiting = [plan["Plan"] for plan in (json.loads(plans) if isinstance(plans, str) else plans)]
    while waiting:
        step = waiting.pop()
        name, index, condition = (step.get(key, "") for key in ("Relation Name", "Index Name", "Index Cond"))
        steps.append(f"{step['Node Type']} {name} {index} {condition}")
        waiting.extend(step.get("Plans", ()))
    return steps


def reads_all_of(table: str, steps: list[str]) -> list[str]:
    """The steps that read the table from end to end. On SQLite a SCAN that uses an index stops at the limit."""
    if connection.vendor == "sqlite":
        return [
            step for step in steps if step.startswith(f"SCAN {table}") and "USING" not in step and "VIRTUAL" not in step
        ]
    return [step for step in steps if step.startswith("Seq Scan") and table in step.split()]
