# The annotations of C sources as tab-separated lines: file, line, interface, values, text.
function finish(    at, head, parts, n, i, values) {
  gsub(/[ \t]+/, " ", text)
  at = index(text, "\"")
  head = substr(text, 1, at - 1)
  text = substr(text, at)
  gsub(/" "/, "", text)
  text = substr(text, 2, length(text) - 2)
  n = split(head, parts, /, */)
  values = ""
  for (i = 2; i < n; i++) values = values (i > 2 ? "," : "") parts[i]
  printf "%s\t%d\t%s\t%s\t%s\n", FILENAME, line, parts[1], values, text
}

# Reads on until the closing parenthesis outside a string.
function scan(s,    i, c) {
  for (i = 1; i <= length(s); i++) {
    c = substr(s, i, 1)
    if (c == "\"") quoted = !quoted
    if (c == ")" && !quoted) {
      inside = 0
      finish()
      return
    }
    text = text c
  }
  text = text " "
}

/^CONFORMS\(/ {
  inside = 1
  quoted = 0
  text = ""
  line = FNR
  scan(substr($0, 10))
  next
}
inside { scan($0) }
