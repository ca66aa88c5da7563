"""Prints the summary of all orders of CDNOW by lifetimes as JSON: customer, frequency, recency, T, monetary value. Shares no code with the platform."""

import json
from importlib.metadata import files

import pandas as pd
from lifetimes.utils import summary_data_from_transaction_data

file = next(str(file.locate()) for file in files("lifetimes") if file.name == "CDNOW_master.txt")
orders = pd.read_csv(file, sep=r"\s+", skiprows=1, names=["customer", "day", "disks", "dollars"], dtype={"customer": str, "day": str})
summary = summary_data_from_transaction_data(orders, "customer", "day", "dollars", datetime_format="%Y%m%d", freq="D")
rows = [[customer, *map(float, row)] for customer, *row in summary[["frequency", "recency", "T", "monetary_value"]].itertuples()]
print(json.dumps({"orders": len(orders), "rows": rows}))
