"""A log read line by line, each group of lines tied to the statement of the repository that wrote them."""
