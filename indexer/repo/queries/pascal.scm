(unit (moduleName) @name) @module
(library (moduleName) @name) @module
(program (moduleName) @name) @program
(declType name: (_) @name type: (declClass)) @class
(declType name: (_) @name type: (declIntf)) @interface
(declType name: (_) @name) @type
(defProc header: (declProc name: (_) @name)) @function
(interface (declProc name: (_) @name) @function)
(declSection (declProc name: (_) @name) @method)
(declClass (declProc name: (_) @name) @method)
(declIntf (declProc name: (_) @name) @method)
(declProp name: (_) @name) @property
(declField name: (identifier) @name) @field
(declConst name: (_) @name) @constant
(interface (declVars (declVar name: (identifier) @name) @variable))
(implementation (declVars (declVar name: (identifier) @name) @variable))

;; uses
(exprCall entity: [(identifier) @call (exprDot rhs: (identifier) @call)])
(statement (identifier) @call)
(statement (exprDot rhs: (identifier) @call))
(declClass parent: (typeref (identifier) @inherit))
(declIntf parent: (typeref (identifier) @inherit))
(typeref (identifier) @type)
(declUses) @import.text
(comment) @comment
