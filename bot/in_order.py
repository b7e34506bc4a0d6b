"""Runs a model's graph node by node, in an order that is found once; Rasa's own runner has dask find it at every message."""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class InOrder(GraphRunner):
    """The nodes and what each is given are the schema's, so the results are the same."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[tuple[str, ...], list[tuple[GraphNode, list[str]]]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> InOrder:
        """Loads every node's component."""
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """What the targets give for these inputs. Raises what a component raises."""
        wanted = tuple(targets or self._schema.target_names)
        order = self._orders.get(wanted)
        if order is None:
            order = self._orders[wanted] = self._order_for(wanted)
        given = {name: (name, value) for name, value in (inputs or {}).items()}
        clash = given.keys() & self._nodes.keys()
        if clash:
            raise GraphRunError(f"An input has the name of a node: {', '.join(sorted(clash))}.")
        for node, needs in order:
            # A name stands for what isn't there; the node says so itself.
            name, output = node(*(given.get(need, need) for need in needs))
            given[name] = (name, output)
        return dict(given[name] for name in wanted)

    def _order_for(self, targets: tuple[str, ...]) -> list[tuple[GraphNode, list[str]]]:
        """The nodes that the targets need, each after those that it needs itself."""
        order: dict[str, tuple[GraphNode, list[str]]] = {}

        def add(name: str, asked_by: frozenset[str]) -> None:
            if name in asked_by:
                raise GraphRunError(f"The node {name} needs itself.")
            if name in order or name not in self._nodes:
                return
            needs = list(self._schema.nodes[name].needs.values())
            for need in needs:
                add(need, asked_by | {name})
            order[name] = self._nodes[name], needs

        for target in targets:
            add(target, frozenset())
        return list(order.values())
