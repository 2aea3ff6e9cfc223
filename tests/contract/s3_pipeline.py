"""A pipeline on resources of several kinds, between two objects in S3."""

import polars as pl

from lakewright import Bucket, Provider, pipeline
from lakewright.config import AwsConfig, DatabricksConfig, LambdaConfig

provider = Provider(config=AwsConfig(region="us-east-1"))

local_exec = provider.local()
lambda_exec = provider.serverless(config=LambdaConfig(memory=1024))
databricks_exec = provider.cluster(config=DatabricksConfig(cluster_id="cluster-123"))

raw_data = provider.bucket(bucket="data-lake", path="raw/data.parquet")
output = provider.bucket(bucket="data-lake", path="output/result.parquet")


@local_exec.task()
def extract(source: Bucket) -> pl.LazyFrame:
    """Read the raw data."""
    return source.scan()


@lambda_exec.task()
def clean(df: pl.LazyFrame) -> pl.LazyFrame:
    """Leave out what has no value."""
    return df.filter(pl.col("value").is_not_null())


@databricks_exec.task()
def ml_predict(df: pl.LazyFrame) -> pl.LazyFrame:
    """Add a prediction."""
    return df.with_columns(pl.lit(0.85).alias("prediction"))


@local_exec.task()
def save(df: pl.LazyFrame, destination: Bucket) -> None:
    """Write the result."""
    df.collect().write_parquet(destination.get_uri())


@pipeline(name="ml_inference")
def ml_pipeline() -> pl.LazyFrame:
    """Predictions for all that has a value."""
    raw = extract(raw_data)
    cleaned = clean(raw)
    predictions = ml_predict(cleaned)
    save(predictions, output)
    return predictions
