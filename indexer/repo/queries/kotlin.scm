(class_declaration "interface" (type_identifier) @name) @interface
(class_declaration "enum" (type_identifier) @name) @enum
(class_declaration (type_identifier) @name) @class
(object_declaration (type_identifier) @name) @class
(type_alias (type_identifier) @name) @type
(function_declaration (simple_identifier) @name) @function
(function_declaration receiver: (receiver_type (user_type (type_identifier) @parent)) (simple_identifier) @name) @function
(source_file (property_declaration (variable_declaration (simple_identifier) @name)) @variable)
(class_body (property_declaration (variable_declaration (simple_identifier) @name)) @field)
(class_parameter (binding_pattern_kind) (simple_identifier) @name) @field
(enum_entry (simple_identifier) @name) @constant

;; uses
(call_expression . [(simple_identifier) @call (navigation_expression (navigation_suffix (simple_identifier) @call) .)])
(delegation_specifier [(user_type (type_identifier) @inherit) (constructor_invocation (user_type (type_identifier) @inherit))])
(type_identifier) @type
(import_header) @import.text
[(line_comment) (multiline_comment)] @comment
