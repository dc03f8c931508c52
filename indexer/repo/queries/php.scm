(class_declaration name: (name) @name) @class
(interface_declaration name: (name) @name) @interface
(trait_declaration name: (name) @name) @trait
(enum_declaration name: (name) @name) @enum
(method_declaration name: (name) @name) @method
(function_definition name: (name) @name) @function
(property_declaration (property_element name: (variable_name (name) @name))) @field
(const_declaration (const_element . (name) @name)) @constant
(enum_case name: (name) @name) @constant

;; uses
(function_call_expression function: [(name) @call (qualified_name (name) @call)])
(member_call_expression name: (name) @call)
(nullsafe_member_call_expression name: (name) @call)
(scoped_call_expression scope: (name) @use name: (name) @call)
(object_creation_expression [(name) @call (qualified_name (name) @call)])
(base_clause [(name) @inherit (qualified_name (name) @inherit)])
(class_interface_clause [(name) @inherit (qualified_name (name) @inherit)])
(declaration_list (use_declaration [(name) @inherit (qualified_name (name) @inherit)]))
(named_type [(name) @type (qualified_name (name) @type)])
(class_constant_access_expression . (name) @use)
(namespace_use_declaration) @import.text
[(require_expression) (require_once_expression) (include_expression) (include_once_expression)] @import.text
(comment) @comment
(attribute_list) @lead
