"""From the model to Databricks' job definitions; the only user of `databricks-bundles`."""
