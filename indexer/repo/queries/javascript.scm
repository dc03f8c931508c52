(class_declaration name: (_) @name) @class
(class name: (_) @name) @class
(function_declaration name: (identifier) @name) @function
(generator_function_declaration name: (identifier) @name) @function
(method_definition name: (_) @name) @method
(class_body (field_definition property: (_) @name) @field)
(variable_declarator name: (identifier) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]) @function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @class
(program (lexical_declaration (variable_declarator name: (identifier) @name) @variable))
(program (variable_declaration (variable_declarator name: (identifier) @name) @variable))
(program (export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name) @variable)))
(assignment_expression left: [(identifier) (member_expression)] @name right: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]) @function
(assignment_expression left: (member_expression) @name right: (class body: (_) @body)) @class
(pair key: (property_identifier) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]) @method
(program (expression_statement (assignment_expression left: (member_expression) @name right: [(call_expression) (new_expression) (string) (number) (object) (array) (identifier) (member_expression)] (#match? @name "^(module[.])?exports[.]\\w+$"))) @variable)

;; uses
(call_expression function: [(identifier) @call (member_expression property: (property_identifier) @call)])
(new_expression constructor: [(identifier) @call (member_expression property: (property_identifier) @call)])
(class_heritage [(identifier) @inherit (member_expression property: (property_identifier) @inherit)])
(import_statement source: (string) @import)
(export_statement source: (string) @import)
(import_specifier name: (identifier) @use)
(import_clause (identifier) @use)
(call_expression function: (identifier) @_require arguments: (arguments . (string) @import .) (#eq? @_require "require"))
(call_expression function: (import) arguments: (arguments . (string) @import))
(jsx_opening_element name: (identifier) @use)
(jsx_self_closing_element name: (identifier) @use)
(comment) @comment
(decorator) @lead
