(package_statement name: (package) @name (block)) @class
(package_statement name: (package) @name) @rest.class
(subroutine_declaration_statement name: (bareword) @name) @function
(use_statement module: (package) @_use (list_expression . (autoquoted_bareword) @name) (#eq? @_use "constant")) @constant
(source_file (expression_statement (assignment_expression left: (variable_declaration variable: (_ (varname) @name)))) @variable)

;; uses
(function_call_expression function: (function) @call)
(ambiguous_function_call_expression function: (function) @call)
(method_call_expression method: (method) @call)
(method_call_expression invocant: (bareword) @use)
(use_statement module: (package) @_use (string_literal (string_content) @inherit) (#any-of? @_use "parent" "base"))
(use_statement module: (package) @_use (list_expression (string_literal (string_content) @inherit)) (#any-of? @_use "parent" "base"))
(use_statement module: (package) @_use (quoted_word_list (string_content) @inherit) (#any-of? @_use "parent" "base"))
(use_statement module: (package) @import)
(require_expression (bareword) @import)
(comment) @comment
(pod) @comment
