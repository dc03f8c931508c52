(function_declaration name: (_) @name) @function
(assignment_statement (variable_list . name: (_) @name) (expression_list . value: (function_definition body: (_) @body))) @function
(chunk (variable_declaration (assignment_statement (variable_list . name: (identifier) @name))) @variable)
(chunk (assignment_statement (variable_list . name: (identifier) @name)) @variable)
(field name: (identifier) @name value: (function_definition)) @function

;; uses
(function_call name: [(identifier) @call (dot_index_expression field: (identifier) @call) (method_index_expression method: (identifier) @call)])
(function_call name: (identifier) @_require arguments: (arguments . (string content: (string_content) @import)) (#any-of? @_require "require" "dofile" "loadfile"))
(comment) @comment
