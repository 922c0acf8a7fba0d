print("yugong")
