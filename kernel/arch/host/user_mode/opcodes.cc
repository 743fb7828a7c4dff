// Which instruction an opcode is.
#include "kernel/arch/host/user_mode/instructions.h"

namespace user_mode {

using I = Instructions;

namespace {

using Handler = void (*)(Processor&);
using Table = std::array<Handler, 256>;

// Opcodes [first, last].
constexpr void fill(Table& table, unsigned first, unsigned last, Handler handler) {
  for (unsigned i = first; i <= last; ++i) table[i] = handler;
}

constexpr void fill_combinations(Table& t) {
  for (unsigned row = 0; row < 0x40; row += 8) {
    fill(t, row, row + 1, I::combine_operand_register);
    fill(t, row + 2, row + 3, I::combine_register_operand);
    fill(t, row + 4, row + 5, I::combine_accumulator);
  }
  for (unsigned segment = 0; segment < 4; ++segment) {
    t[segment * 8 + 6] = I::push_segment;
    if (segment != kCs) t[segment * 8 + 7] = I::pop_segment;
  }
}

constexpr void fill_jumps_and_calls(Table& t) {
  fill(t, 0x70, 0x7F, I::jump_if);
  fill(t, 0xE0, 0xE3, I::loop);
  fill(t, 0xC2, 0xC3, I::return_near);
  fill(t, 0xCA, 0xCB, I::refuse);
  t[0x9A] = I::call_far;
  t[0xCC] = I::breakpoint;
  t[0xCD] = I::interrupt;
  t[0xCE] = I::overflow;
  t[0xCF] = I::refuse;
  t[0xE8] = I::call_near;
  t[0xE9] = I::jump_near;
  t[0xEA] = I::refuse;
  t[0xEB] = I::jump_short;
}

constexpr void fill_stack(Table& t) {
  fill(t, 0x50, 0x57, I::push_register);
  fill(t, 0x58, 0x5F, I::pop_register);
  t[0x60] = I::push_all;
  t[0x61] = I::pop_all;
  t[0x68] = t[0x6A] = I::push_immediate;
  t[0x8F] = I::pop_operand;
  t[0x9C] = I::push_flags;
  t[0x9D] = I::pop_flags;
  t[0xC8] = I::enter;
  t[0xC9] = I::leave;
}

constexpr void fill_moves(Table& t) {
  fill(t, 0x86, 0x87, I::exchange_operand);
  fill(t, 0x88, 0x89, I::move_to_operand);
  fill(t, 0x8A, 0x8B, I::move_to_register);
  t[0x8C] = I::move_from_segment;
  t[0x8D] = I::load_address;
  t[0x8E] = I::move_to_segment;
  fill(t, 0x90, 0x97, I::exchange_accumulator);
  fill(t, 0xA0, 0xA3, I::move_absolute);
  fill(t, 0xB0, 0xB7, I::move_byte_to_register);
  fill(t, 0xB8, 0xBF, I::move_word_to_register);
  fill(t, 0xC6, 0xC7, I::move_immediate);
  t[0xD7] = I::translate_byte;
}

constexpr void fill_arithmetic(Table& t) {
  fill(t, 0x40, 0x4F, I::step_register);
  t[0x69] = t[0x6B] = I::multiply_immediate;
  t[0x80] = t[0x81] = t[0x83] = I::combine_immediate;
  fill(t, 0x84, 0x85, I::test_register);
  t[0x98] = I::widen_accumulator;
  t[0x99] = I::spread_sign;
  fill(t, 0xA8, 0xA9, I::test_accumulator);
  fill(t, 0xC0, 0xC1, I::shift_operand);
  fill(t, 0xD0, 0xD3, I::shift_operand);
  fill(t, 0xF6, 0xF7, I::byte_or_word_group);
  fill(t, 0xFE, 0xFF, I::step_or_jump_group);
}

constexpr void fill_strings_and_flags(Table& t) {
  fill(t, 0xA4, 0xA5, I::move_string);
  fill(t, 0xA6, 0xA7, I::compare_strings);
  fill(t, 0xAA, 0xAB, I::store_string);
  fill(t, 0xAC, 0xAD, I::load_string);
  fill(t, 0xAE, 0xAF, I::scan_string);
  t[0x9E] = I::store_low_flags;
  t[0x9F] = I::load_low_flags;
  t[0xF5] = I::change_flag;
  fill(t, 0xF8, 0xFD, I::change_flag);
}

constexpr Table one_byte_table() {
  Table t{};
  t.fill(I::invalid);
  fill_combinations(t);
  fill_jumps_and_calls(t);
  fill_stack(t);
  fill_moves(t);
  fill_arithmetic(t);
  fill_strings_and_flags(t);
  t[0x62] = I::check_bounds;
  t[0x9B] = I::wait_for_floats;
  fill(t, 0xD8, 0xDF, I::compute);
  fill(t, 0x6C, 0x6F, I::refuse);  // ports
  fill(t, 0xE4, 0xE7, I::refuse);
  fill(t, 0xEC, 0xEF, I::refuse);
  t[0xF4] = I::refuse;  // HLT
  return t;
}

constexpr Table two_byte_table() {
  Table t{};
  t.fill(I::invalid);
  fill(t, 0x00, 0x01, I::refuse);  // what only the kernel may do
  t[0x06] = t[0x08] = t[0x09] = t[0x30] = t[0x32] = I::refuse;
  fill(t, 0x20, 0x23, I::refuse);
  fill(t, 0x18, 0x1F, I::no_operation);
  t[0x31] = I::read_time;
  t[0x34] = I::system_enter;
  fill(t, 0x40, 0x4F, I::move_if);
  fill(t, 0x80, 0x8F, I::jump_if_near);
  fill(t, 0x90, 0x9F, I::set_if);
  t[0xA0] = t[0xA8] = I::push_segment;
  t[0xA1] = t[0xA9] = I::pop_segment;
  t[0xA2] = I::identify;
  t[0xA3] = t[0xAB] = t[0xB3] = t[0xBB] = I::bit_register;
  t[0xA4] = t[0xA5] = t[0xAC] = t[0xAD] = I::shift_double_operand;
  t[0xAF] = I::multiply_register;
  fill(t, 0xB0, 0xB1, I::compare_exchange);
  fill(t, 0xB6, 0xB7, I::move_extended);
  t[0xBA] = I::bit_immediate;
  fill(t, 0xBC, 0xBD, I::scan_bits);
  fill(t, 0xBE, 0xBF, I::move_extended);
  fill(t, 0xC0, 0xC1, I::exchange_add);
  t[0xC7] = I::compare_exchange_long;
  fill(t, 0xC8, 0xCF, I::swap_bytes);
  return t;
}

}  // namespace

constinit const Processor::Table Processor::kOneByte = one_byte_table();
constinit const Processor::Table Processor::kTwoByte = two_byte_table();

}  // namespace user_mode
