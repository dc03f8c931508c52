(module (module_statement (name) @name)) @module
(submodule (submodule_statement (name) @name)) @module
(program (program_statement (name) @name)) @program
(subroutine (subroutine_statement name: (name) @name)) @function
(function (function_statement name: (name) @name)) @function
(module_procedure (module_procedure_statement name: (name) @name)) @function
(derived_type_definition (derived_type_statement (type_name) @name)) @struct
(derived_type_procedures (procedure_statement declarator: (binding (binding_name (identifier) @name))) @method)
(interface (interface_statement (name) @name)) @interface
(module (variable_declaration declarator: [(init_declarator left: (identifier) @name) (identifier) @name]) @variable)

;; uses
(subroutine_call subroutine: (identifier) @call)
(subroutine_call subroutine: (derived_type_member_expression (type_member) @call .))
(call_expression . (identifier) @call)
(call_expression . (derived_type_member_expression (type_member) @call .))
(base_type_specifier (identifier) @inherit)
(derived_type name: (type_name) @type)
(method_name) @use
(use_statement) @import.text
(include_statement (filename) @import)
(comment) @comment
