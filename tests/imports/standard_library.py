"""A contract for import-linter: these packages import nothing from outside but the standard library."""

import sys
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryOnly(Contract):
    """Packages that import nothing but the standard library and their own root package."""

    packages = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - the signature of import-linter
        """Each import of a distribution's module, by the module that imports it."""
        strangers = sorted(
            f"{importer} imports {imported}"
            for package in cast("list[str]", self.packages)
            for importer in {package, *graph.find_descendants(package)}
            for imported in graph.find_modules_directly_imported_by(importer)
            if graph.is_module_squashed(imported) and imported.partition(".")[0] not in sys.stdlib_module_names
        )
        return ContractCheck(kept=not strangers, metadata={"strangers": strangers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line for each import that is not allowed."""
        for stranger in check.metadata["strangers"]:
            output.print_error(f"{stranger}.")
