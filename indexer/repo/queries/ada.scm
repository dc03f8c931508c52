(package_body name: (_) @name) @module
(package_declaration name: (_) @name) @module
(generic_package_declaration (package_declaration name: (_) @name)) @module
(subprogram_body [(function_specification name: (_) @name) (procedure_specification name: (_) @name)]) @function
(subprogram_declaration [(function_specification name: (_) @name) (procedure_specification name: (_) @name)]) @function
(expression_function_declaration (function_specification name: (_) @name)) @function
(full_type_declaration . (identifier) @name (record_type_definition)) @struct
(full_type_declaration . (identifier) @name (enumeration_type_definition)) @enum
(full_type_declaration . (identifier) @name) @type
(full_type_declaration (task_type_declaration . (identifier) @name)) @class
(protected_type_declaration . (identifier) @name) @class
(private_type_declaration . (identifier) @name) @type
(private_extension_declaration . (identifier) @name) @type
(subtype_declaration . (identifier) @name) @type
(task_body . (identifier) @name) @class
(protected_body . (identifier) @name) @class
(entry_declaration entry_name: (identifier) @name) @method
(entry_body . (identifier) @name) @method
(package_body (non_empty_declarative_part (object_declaration name: (identifier) @name) @variable))
(package_declaration (object_declaration name: (identifier) @name) @variable)
(exception_declaration . (identifier) @name) @constant

;; uses
(procedure_call_statement name: [(identifier) @call (selected_component selector_name: (_) @call)])
(function_call name: [(identifier) @call (selected_component selector_name: (_) @call)])
(parameter_specification subtype_mark: [(identifier) @type (selected_component selector_name: (_) @type)])
(result_profile subtype_mark: [(identifier) @type (selected_component selector_name: (_) @type)])
(object_declaration subtype_mark: [(identifier) @type (selected_component selector_name: (_) @type)])
(component_definition subtype_mark: [(identifier) @type (selected_component selector_name: (_) @type)])
(derived_type_definition subtype_mark: [(identifier) @inherit (selected_component selector_name: (_) @inherit)])
(with_clause) @import.text
(comment) @comment
