"""Names that languages and their standard libraries bear: alone they never mean a definition here."""

from __future__ import annotations

import functools
from typing import Final

_JAVASCRIPT: Final = """
require import alert fetch parseInt parseFloat isNaN isFinite setTimeout setInterval clearTimeout
clearInterval setImmediate structuredClone queueMicrotask encodeURIComponent decodeURIComponent encodeURI
decodeURI escape unescape eval String Number Boolean Symbol BigInt Object Array Map Set WeakMap WeakSet Date
RegExp Promise Proxy Error TypeError RangeError log warn error info debug trace table push pop shift unshift
splice slice concat join reverse sort map filter reduce reduceRight forEach some every find findIndex
findLast includes indexOf lastIndexOf flat flatMap fill keys values entries from of assign freeze create
defineProperty hasOwnProperty toString valueOf toLowerCase toUpperCase trim trimStart trimEnd split replace
replaceAll match matchAll test exec substring substr charAt charCodeAt codePointAt startsWith endsWith
padStart padEnd repeat localeCompare then catch finally all allSettled race any resolve reject call apply
bind get set has add delete clear next stringify parse getElementById querySelector querySelectorAll
addEventListener removeEventListener appendChild removeChild getAttribute setAttribute on once off emit send
json status text use listen close open write read end pipe floor ceil round max min abs random toFixed
toISOString getTime now
"""
_GO: Final = """
append cap clear close complex copy delete imag len make max min new panic print println real recover
string error New Errorf Is As Unwrap Join Printf Println Print Sprintf Sprint Sprintln Fprintf Fprintln
Fprint Sscanf Fatal Fatalf Panic Panicf Error String Len Less Swap Sort Slice Write WriteString WriteByte
WriteHeader Header Read ReadAll ReadFile WriteFile Open Create Close Seek Flush Get Set Add Del Values
Value WithValue WithCancel WithTimeout WithDeadline Background TODO Done Err Deadline Lock Unlock RLock
RUnlock Wait Do Load Store Swap CompareAndSwap Now Since Until Sub After Before Sleep Duration Format
Parse ParseInt ParseFloat ParseBool Atoi Itoa FormatInt Split SplitN Trim TrimSpace TrimPrefix TrimSuffix
TrimLeft TrimRight HasPrefix HasSuffix Contains Index LastIndex Replace ReplaceAll ToLower ToUpper Fields
Repeat Marshal Unmarshal NewEncoder NewDecoder Encode Decode NewReader NewWriter NewScanner NewBuffer
NewRequest ServeHTTP ListenAndServe Handle HandleFunc HandlerFunc NotFound Redirect StatusText Serve
Shutdown Exit Getenv Run Helper TypeOf ValueOf DeepEqual MustCompile Compile MatchString FindString Copy
Clone With Errorln Name Base Dir Ext Abs Clean
"""
_JAVA: Final = """
get set put add remove contains containsKey containsValue size isEmpty clear keySet values entrySet
getOrDefault putIfAbsent computeIfAbsent forEach stream iterator hasNext next toString equals hashCode
getClass clone compareTo compare length charAt substring indexOf lastIndexOf startsWith endsWith trim split
replace replaceAll matches toLowerCase toUpperCase format join valueOf parseInt parseLong parseDouble
println print printf append insert reverse of ofNullable orElse orElseGet orElseThrow isPresent ifPresent map
flatMap filter collect reduce sorted toList findFirst anyMatch allMatch noneMatch apply accept test run call
start join interrupt wait notify notifyAll submit execute shutdown close read write flush open getName
getMessage getCause printStackTrace info warn error debug trace addAll removeAll containsAll toArray copyOf
asList sort copy min max abs floor ceil round random getKey getValue getId setId save findById findAll delete
deleteById count exists build builder
"""
_OTHERS: Final = """
puts print p raise require require_relative attr_accessor each each_with_index select reject inject
freeze dup nil? empty? to_s to_i to_sym new initialize include extend printf malloc calloc realloc free
memcpy memset memmove memcmp strlen strcpy strncpy strcmp strncmp strcat strchr strstr strdup snprintf
sprintf fprintf fopen fclose fread fwrite exit abort assert sizeof isset unset empty count implode explode
array_map array_filter array_merge array_keys in_array var_dump echo unwrap expect into iter collect push_str
push_back emplace_back begin end size data c_str move make_shared make_unique ToString Add Remove Where
Select ToList FirstOrDefault Any All Dispose Parse TryParse WriteLine println
"""


@functools.cache
def standard_names() -> frozenset[str]:
    """Return the names of builtins, of the methods of builtin types, and of what everybody imports."""
    names = set(f"{_JAVASCRIPT} {_GO} {_JAVA} {_OTHERS}".split())
    return frozenset(names | _of_python())


def is_standard(name: str) -> bool:
    """Return whether a language or its standard library bears a name."""
    return name in standard_names() or (name.startswith("__") and name.endswith("__"))


def _of_python() -> set[str]:
    import argparse
    import builtins
    import collections
    import datetime
    import io
    import logging
    import pathlib
    import queue
    import re
    import socket
    import string
    import threading

    types: tuple[type, ...] = (
        *(each for each in vars(builtins).values() if isinstance(each, type)),
        collections.deque,
        collections.Counter,
        collections.OrderedDict,
        datetime.datetime,
        datetime.timedelta,
        io.TextIOWrapper,
        io.BytesIO,
        logging.Logger,
        logging.Handler,
        pathlib.Path,
        queue.Queue,
        re.Pattern,
        re.Match,
        socket.socket,
        string.Template,
        threading.Thread,
        threading.Condition,
        threading.Event,
        argparse.ArgumentParser,
    )
    names = {*dir(builtins), *(name for each in types for name in dir(each))}
    return {name for name in names if not name.startswith("_")}
