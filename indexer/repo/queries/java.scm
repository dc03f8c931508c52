(class_declaration name: (identifier) @name) @class
(interface_declaration name: (identifier) @name) @interface
(annotation_type_declaration name: (identifier) @name) @interface
(enum_declaration name: (identifier) @name) @enum
(record_declaration name: (identifier) @name) @class
(method_declaration name: (identifier) @name) @method
(constructor_declaration name: (identifier) @name) @method
(compact_constructor_declaration name: (identifier) @name) @method
(annotation_type_element_declaration name: (identifier) @name) @method
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @field
(constant_declaration declarator: (variable_declarator name: (identifier) @name)) @constant
(enum_constant name: (identifier) @name) @constant

;; uses
(method_invocation name: (identifier) @call)
(object_creation_expression type: [(type_identifier) @call (generic_type (type_identifier) @call) (scoped_type_identifier (type_identifier) @call .)])
(method_reference (identifier) @call .)
(superclass [(type_identifier) @inherit (generic_type (type_identifier) @inherit)])
(super_interfaces (type_list [(type_identifier) @inherit (generic_type (type_identifier) @inherit)]))
(extends_interfaces (type_list [(type_identifier) @inherit (generic_type (type_identifier) @inherit)]))
(formal_parameter type: [(type_identifier) @type (generic_type (type_identifier) @type)])
(field_declaration type: [(type_identifier) @type (generic_type (type_identifier) @type)])
(local_variable_declaration type: [(type_identifier) @type (generic_type (type_identifier) @type)])
(method_declaration type: [(type_identifier) @type (generic_type (type_identifier) @type)])
(type_arguments (type_identifier) @type)
(catch_type (type_identifier) @type)
(throws (type_identifier) @type)
(marker_annotation name: (identifier) @use)
(annotation name: (identifier) @use)
(import_declaration) @import.text
[(line_comment) (block_comment)] @comment
