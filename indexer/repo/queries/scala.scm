(class_definition name: (identifier) @name) @class
(object_definition name: (identifier) @name) @class
(trait_definition name: (identifier) @name) @trait
(enum_definition name: (identifier) @name) @enum
(package_object name: (identifier) @name) @module
(type_definition name: (type_identifier) @name) @type
(function_definition name: (_) @name) @function
(function_declaration name: (_) @name) @function
(given_definition name: (identifier) @name) @constant
(template_body (val_definition pattern: (identifier) @name) @field)
(template_body (var_definition pattern: (identifier) @name) @field)
(template_body (val_declaration name: (identifier) @name) @field)
(compilation_unit (val_definition pattern: (identifier) @name) @variable)
(simple_enum_case name: (identifier) @name) @constant
(full_enum_case name: (identifier) @name) @constant

;; uses
(call_expression function: [(identifier) @call (field_expression field: (identifier) @call) (generic_function function: [(identifier) @call (field_expression field: (identifier) @call)])])
(infix_expression operator: (identifier) @call)
(instance_expression [(type_identifier) @call (generic_type type: (type_identifier) @call)])
(extends_clause [(type_identifier) @inherit (generic_type type: (type_identifier) @inherit)])
(type_identifier) @type
(annotation name: (type_identifier) @use)
(import_declaration) @import.text
[(comment) (block_comment)] @comment
