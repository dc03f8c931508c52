(class_interface . (identifier) @name) @class
(class_implementation . (identifier) @name) @class
(protocol_declaration . (identifier) @name) @interface
(method_declaration . (method_type) . (identifier) @name) @method
(method_definition . (method_type) . (identifier) @name (compound_statement) @body) @method
(property_declaration (struct_declaration (struct_declarator [(identifier) @name (pointer_declarator declarator: (identifier) @name)]))) @property
(function_definition declarator: [(function_declarator declarator: (identifier) @name) (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))]) @function
(struct_specifier name: (type_identifier) @name body: (_)) @struct
(enum_specifier name: (type_identifier) @name body: (_)) @enum
(type_definition declarator: (type_identifier) @name) @type
(preproc_def name: (identifier) @name) @macro
(preproc_function_def name: (identifier) @name) @macro

;; uses
(message_expression method: (identifier) @call)
(message_expression receiver: (identifier) @use)
(call_expression function: (identifier) @call)
(class_interface superclass: (identifier) @inherit)
(class_interface (parameterized_arguments (type_name (type_identifier) @inherit)))
(protocol_declaration (protocol_reference_list (identifier) @inherit))
(type_identifier) @type
(preproc_include) @import.text
(module_import) @import.text
(comment) @comment
