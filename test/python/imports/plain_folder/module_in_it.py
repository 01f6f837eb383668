VALUE = "from a plain folder"
