#include "kernel/kern/format.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace kern {
namespace {

class Output {
 public:
  Output(char* to, unsigned capacity) : to_(to), capacity_(capacity) {}
  void put(char c) {
    if (length_ < capacity_) to_[length_++] = c;
  }
  void fill(char c, int count) {
    for (; count > 0; --count) put(c);
  }
  [[nodiscard]] unsigned length() const { return length_; }

 private:
  char* to_;
  unsigned capacity_;
  unsigned length_ = 0;
};

struct Spec {
  bool left = false, zero = false;
  int width = 0;
  int longs = 0;  // number of 'l'
};

const char* parse_spec(const char* p, Spec& spec) {
  for (;; ++p) {
    if (*p == '-') {
      spec.left = true;
    } else if (*p == '0') {
      spec.zero = true;
    } else {
      break;
    }
  }
  for (; *p >= '0' && *p <= '9'; ++p) spec.width = spec.width * 10 + (*p - '0');
  for (; *p == 'l' || *p == 'z' || *p == 'h'; ++p) spec.longs += *p == 'l';
  return p;
}

void put_text(Output& out, const Spec& spec, const char* text, int length) {
  if (!spec.left) out.fill(' ', spec.width - length);
  for (int i = 0; i < length; ++i) out.put(text[i]);
  if (spec.left) out.fill(' ', spec.width - length);
}

void put_number(Output& out, Spec spec, uint64_t value, bool negative, unsigned base,
                const char* digits) {
  char text[24];
  int at = sizeof text;
  do {
    text[--at] = digits[value % base];
    value /= base;
  } while (value != 0);
  const int length = static_cast<int>(sizeof text) - at;
  if (spec.zero && !spec.left) {
    if (negative) out.put('-');
    out.fill('0', spec.width - length - negative);
    spec.width = 0;
  } else if (negative) {
    text[--at] = '-';
  }
  put_text(out, spec, text + at, static_cast<int>(sizeof text) - at);
}

}  // namespace

unsigned vformat(char* to, unsigned capacity, const char* format, va_list args) {
  static constexpr char kLower[] = "0123456789abcdef", kUpper[] = "0123456789ABCDEF";
  Output out(to, capacity);
  for (const char* p = format; *p; ++p) {
    if (*p != '%') {
      out.put(*p);
      continue;
    }
    Spec spec;
    p = parse_spec(p + 1, spec);
    const auto take_unsigned = [&]() -> uint64_t {
      return spec.longs > 1 ? va_arg(args, unsigned long long) : va_arg(args, unsigned);
    };
    switch (*p) {
      case 'd':
      case 'i': {
        const int64_t v = spec.longs > 1 ? va_arg(args, long long) : va_arg(args, int);
        put_number(out, spec, v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v),
                   v < 0, 10, kLower);
        break;
      }
      case 'u': put_number(out, spec, take_unsigned(), false, 10, kLower); break;
      case 'x': put_number(out, spec, take_unsigned(), false, 16, kLower); break;
      case 'X': put_number(out, spec, take_unsigned(), false, 16, kUpper); break;
      case 'p':
        put_number(out, spec, reinterpret_cast<uintptr_t>(va_arg(args, void*)), false, 16, kLower);
        break;
      case 'c': out.put(static_cast<char>(va_arg(args, int))); break;
      case 's': {
        const char* text = va_arg(args, const char*);
        if (text == nullptr) text = "(null)";
        put_text(out, spec, text, static_cast<int>(std::strlen(text)));
        break;
      }
      case '%': out.put('%'); break;
      case 0: return out.length();
      default: out.put(*p); break;
    }
  }
  return out.length();
}

unsigned format_to(char* to, unsigned capacity, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const unsigned length = vformat(to, capacity - 1, format, arguments);
  va_end(arguments);
  to[length] = 0;
  return length;
}

}  // namespace kern
