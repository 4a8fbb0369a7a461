"""A mypy plugin: calling a factory of factory-boy makes its model. Its own types know that of `create()` only."""

from collections.abc import Callable

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import TypeInfo
from mypy.plugin import FunctionContext, Plugin
from mypy.types import Instance, Type, get_proper_type

FACTORY = "factory.base.Factory"


def made_by(context: FunctionContext) -> Type:
    """The model of `class CardFactory(DjangoModelFactory[Card])`."""
    made = get_proper_type(context.default_return_type)
    if isinstance(made, Instance):
        for ancestor in made.type.mro:
            if ancestor.fullname == FACTORY:
                return map_instance_to_supertype(made, ancestor).args[0]
    return made


class Factories(Plugin):
    """Looks at calls of classes that are factories."""

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """mypy asks it for every function and class that is called."""
        found = self.lookup_fully_qualified(fullname) if fullname.endswith("Factory") else None
        is_ours = found is not None and isinstance(found.node, TypeInfo) and found.node.has_base(FACTORY)
        return made_by if is_ours else None


def plugin(version: str) -> type[Plugin]:
    """Where mypy begins."""
    return Factories
