"""What `databricks bundle` deploys: every job of this pipeline."""

from lakewright.project import load_resources

__all__ = ["load_resources"]
