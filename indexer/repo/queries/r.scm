(binary_operator lhs: [(identifier) (string)] @name operator: ["<-" "=" "<<-"] rhs: (function_definition body: (_) @body)) @function
(binary_operator lhs: (identifier) @name rhs: (call function: (identifier) @_class (#any-of? @_class "R6Class" "setRefClass" "setClass" "ggproto"))) @class
(program (binary_operator lhs: (identifier) @name operator: ["<-" "="]) @variable)
(argument name: (identifier) @name value: (function_definition body: (_) @body)) @function
(program (call function: (identifier) @_class arguments: (arguments . (argument value: (string content: (string_content) @name))) (#any-of? @_class "setClass" "setRefClass")) @class)
(program (call function: (identifier) @_method arguments: (arguments . (argument value: (string content: (string_content) @name))) (#any-of? @_method "setGeneric" "setMethod" "setValidity")) @function)

;; uses
(call function: [(identifier) @call (namespace_operator rhs: (identifier) @call) (extract_operator rhs: (identifier) @call)])
(call function: (identifier) @_library arguments: (arguments . (argument value: [(identifier) @import (string content: (string_content) @import)])) (#any-of? @_library "library" "require" "requireNamespace" "source"))
(namespace_operator lhs: (identifier) @import)
(comment) @comment
