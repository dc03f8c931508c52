(create_table (object_reference schema: (identifier)? @parent name: (identifier) @name)) @table
(create_table (column_definitions (column_definition name: (identifier) @name) @field))
(create_view (object_reference schema: (identifier)? @parent name: (identifier) @name)) @table
(create_materialized_view (object_reference schema: (identifier)? @parent name: (identifier) @name)) @table
(create_function (object_reference schema: (identifier)? @parent name: (identifier) @name)) @function
(create_trigger . (keyword_create) (object_reference name: (identifier) @name)) @function
(create_type (object_reference name: (identifier) @name)) @type
(create_index column: (identifier) @name) @key
(create_sequence (object_reference name: (identifier) @name)) @variable

;; uses
(relation (object_reference name: (identifier) @read))
(from (object_reference name: (identifier) @read))
(insert (object_reference name: (identifier) @write))
(update (relation (object_reference name: (identifier) @write)))
(statement (delete) (from (object_reference name: (identifier) @write)))
(alter_table (object_reference name: (identifier) @write))
(drop_table (object_reference name: (identifier) @write))
(create_index (object_reference name: (identifier) @data))
(column_definition (keyword_references) (object_reference name: (identifier) @data))
(constraint (object_reference name: (identifier) @data))
(invocation (object_reference name: (identifier) @call))
(comment) @comment
(marginalia) @comment
