# shellcheck shell=bash
# What tests of the screen and keyboard share: pressing PS/2 keys and reading the text screen, through QEMU's monitor.
# Sourced after terminal.sh; the machine's standard input is the monitor (-monitor stdio).

readonly kColumns=80 kRows=25

monitor() { printf '%s\n' "$1" >&3; }

# The names of keys in QEMU, by the characters they make on a US keyboard.
declare -A key_names=(
  [' ']=spc ['-']=minus ['=']=equal ['[']=bracket_left [']']=bracket_right [';']=semicolon ["'"]=apostrophe
  ['`']=grave_accent ["\\"]=backslash [',']=comma ['.']=dot ['/']=slash
  ['!']=shift-1 ['@']=shift-2 ['#']=shift-3 ['$']=shift-4 ['%']=shift-5 ['^']=shift-6 ['&']=shift-7 ['*']=shift-8
  ['(']=shift-9 [')']=shift-0 ['_']=shift-minus ['+']=shift-equal ['{']=shift-bracket_left
  ['}']=shift-bracket_right [':']=shift-semicolon ['"']=shift-apostrophe ['~']=shift-grave_accent
  ['|']=shift-backslash ['<']=shift-comma ['>']=shift-dot ['?']=shift-slash
)

# Presses and lets go keys (QEMU's names; joined with "-" they are held together) one after the other.
press() {   # KEY...
  local key
  for key in "$@"; do
    monitor "sendkey $key 20"
    # QEMU's queue of keys and the keyboard's own buffer are short.
    sleep 0.06
  done
}

press_text() {   # TEXT
  local i character
  for ((i = 0; i < ${#1}; i++)); do
    character=${1:i:1}
    case $character in
      [a-z0-9]) press "$character" ;;
      [A-Z]) press "shift-${character,}" ;;
      *) press "${key_names[$character]}" ;;
    esac
  done
}

press_line() { press_text "$1" && press ret; }

# Reads a port of the stopped machine.
read_port() {   # PORT
  local before answer i
  before=$(grep -ac '^portb' "$log")
  monitor "i /b $1"
  for i in {1..50}; do
    answer=$(grep -a '^portb' "$log" | tail -n +$((before + 1)))
    [ -z "$answer" ] || break
    sleep 0.05
  done
  answer=${answer##* = }
  echo $((${answer%%[[:space:]]*}))
}

# Where in the text memory the screen begins (the driver scrolls by moving that): a register of the video
# controller, behind an index that the driver may have in use.
screen_start() {
  local index high low
  index=$(read_port 0x3d4)
  monitor 'o /b 0x3d4 0xc'
  high=$(read_port 0x3d5)
  monitor 'o /b 0x3d4 0xd'
  low=$(read_port 0x3d5)
  monitor "o /b 0x3d4 $index"
  echo $(((high << 8 | low) * 2))
}

# The 25 lines of text on the screen, without blanks at their ends.
screen() {
  local memory=$TMPDIR/screen bytes=$((kColumns * kRows * 2)) i
  rm -f "$memory"
  monitor stop
  monitor "pmemsave $((0xb8000 + $(screen_start))) $bytes \"$memory\""
  monitor cont
  for i in {1..50}; do
    [ "$(stat -c %s "$memory" 2> /dev/null)" != $bytes ] || break
    sleep 0.1
  done
  od -A n -v -w2 -t u1 "$memory" |
    awk -v columns=$kColumns '{ printf "%c", $1 ? $1 : 32 } NR % columns == 0 { print "" }' | sed 's/ *$//'
}

# Waits until a line of the screen matches.
on_screen() {   # PATTERN [SECONDS]
  local deadline=$((SECONDS + ${2:-$kWait}))
  until screen | grep -qE "$1"; do
    kill -0 "$machine" 2> /dev/null && [ $SECONDS -lt $deadline ] || return 1
    sleep 0.3
  done
}
