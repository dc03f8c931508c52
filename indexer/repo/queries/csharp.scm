(namespace_declaration name: (_) @name) @module
(class_declaration name: (identifier) @name) @class
(record_declaration name: (identifier) @name) @class
(struct_declaration name: (identifier) @name) @struct
(interface_declaration name: (identifier) @name) @interface
(enum_declaration name: (identifier) @name) @enum
(delegate_declaration name: (identifier) @name) @type
(method_declaration name: (identifier) @name) @method
(constructor_declaration name: (identifier) @name) @method
(destructor_declaration name: (identifier) @name) @method
(local_function_statement name: (identifier) @name) @function
(property_declaration name: (identifier) @name) @property
(event_declaration name: (identifier) @name) @property
(event_field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @property
(field_declaration (variable_declaration (variable_declarator name: (identifier) @name))) @field
(enum_member_declaration name: (identifier) @name) @constant

;; uses
(invocation_expression function: [(identifier) @call (member_access_expression name: (identifier) @call) (generic_name . (identifier) @call) (member_access_expression name: (generic_name . (identifier) @call)) (conditional_access_expression (member_binding_expression name: (identifier) @call))])
(object_creation_expression type: [(identifier) @call (generic_name . (identifier) @call) (qualified_name name: (identifier) @call)])
(base_list [(identifier) @inherit (generic_name . (identifier) @inherit) (qualified_name name: (identifier) @inherit)])
(parameter type: [(identifier) @type (generic_name . (identifier) @type) (nullable_type (identifier) @type) (array_type (identifier) @type)])
(variable_declaration type: [(identifier) @type (generic_name . (identifier) @type) (nullable_type (identifier) @type) (array_type (identifier) @type)])
(property_declaration type: [(identifier) @type (generic_name . (identifier) @type) (nullable_type (identifier) @type)])
(method_declaration returns: [(identifier) @type (generic_name . (identifier) @type) (nullable_type (identifier) @type)])
(type_argument_list (identifier) @type)
(cast_expression type: (identifier) @type)
(typeof_expression type: (identifier) @type)
(attribute name: (identifier) @use)
(using_directive) @import.text
(comment) @comment
