(function_statement (function_name) @name) @function
(class_statement . (simple_name) @name) @class
(enum_statement (simple_name) @name) @enum
(enum_member . (simple_name) @name) @constant
(class_method_definition (simple_name) @name) @method
(class_property_definition (variable) @name) @property
(program (statement_list (pipeline (assignment_expression (left_assignment_expression) @name)) @variable))

;; uses
(command command_name: (command_name) @call)
(invokation_expression (member_name (simple_name) @call))
(class_statement . (simple_name) (simple_name) @inherit)
(type_identifier) @type
(command (command_invokation_operator) command_name: (command_name_expr (command_name) @import))
(command command_name: (command_name) @_import command_elements: (command_elements . (command_argument_sep) . (generic_token) @import) (#match? @_import "^[Ii]mport-[Mm]odule$"))
(command command_name: (command_name) @_using command_elements: (command_elements (generic_token) @_what (generic_token) @import) (#eq? @_using "using"))
(comment) @comment
