// The instructions: each is called when its opcode (without prefixes) has been read.
#pragma once

#include "kernel/arch/host/user_mode/processor.h"

namespace user_mode {

struct Instructions {
  using P = Processor;

  // one_byte.cc
  static void combine_operand_register(P& p);
  static void combine_register_operand(P& p);
  static void combine_accumulator(P& p);
  static void combine_immediate(P& p);
  static void step_register(P& p);
  static void test_register(P& p);
  static void test_accumulator(P& p);
  static void shift_operand(P& p);
  static void multiply_immediate(P& p);
  static void widen_accumulator(P& p);
  static void spread_sign(P& p);
  static void move_to_operand(P& p);
  static void move_to_register(P& p);
  static void move_immediate(P& p);
  static void move_byte_to_register(P& p);
  static void move_word_to_register(P& p);
  static void move_absolute(P& p);
  static void load_address(P& p);
  static void exchange_operand(P& p);
  static void exchange_accumulator(P& p);
  static void translate_byte(P& p);
  static void change_flag(P& p);
  static void load_low_flags(P& p);
  static void store_low_flags(P& p);
  static void push_flags(P& p);
  static void pop_flags(P& p);
  static void refuse(P& p);
  static void invalid(P& p);
  static void nothing(P& p);
  static void check_bounds(P& p);

  // unary.cc
  static void byte_or_word_group(P& p);  // F6, F7
  static void step_or_jump_group(P& p);  // FE, FF

  // control.cc
  static void jump_if(P& p);
  static void jump_if_near(P& p);
  static void jump_short(P& p);
  static void jump_near(P& p);
  static void loop(P& p);
  static void call_near(P& p);
  static void call_far(P& p);
  static void return_near(P& p);
  static void interrupt(P& p);
  static void breakpoint(P& p);
  static void overflow(P& p);
  static void system_enter(P& p);
  static void push_register(P& p);
  static void pop_register(P& p);
  static void push_all(P& p);
  static void pop_all(P& p);
  static void push_immediate(P& p);
  static void pop_operand(P& p);
  static void enter(P& p);
  static void leave(P& p);
  static void push_segment(P& p);
  static void pop_segment(P& p);
  static void move_from_segment(P& p);
  static void move_to_segment(P& p);

  // float.cc
  static void wait_for_floats(P& p);
  static void compute(P& p);

  // string.cc
  static void move_string(P& p);
  static void compare_strings(P& p);
  static void store_string(P& p);
  static void load_string(P& p);
  static void scan_string(P& p);

  // two_byte.cc
  static void move_if(P& p);
  static void set_if(P& p);
  static void no_operation(P& p);
  static void read_time(P& p);
  static void identify(P& p);
  static void bit_register(P& p);
  static void bit_immediate(P& p);
  static void scan_bits(P& p);
  static void shift_double_operand(P& p);
  static void multiply_register(P& p);
  static void compare_exchange(P& p);
  static void compare_exchange_long(P& p);
  static void exchange_add(P& p);
  static void move_extended(P& p);
  static void swap_bytes(P& p);

 private:
  static void set_segment(P& p, unsigned segment, uint16_t selector);
  template <typename T>
  static void step_operand(P& p, const P::Operand& to, bool up);
  template <typename T>
  static void multiply_accumulator(P& p, uint64_t product, bool lost);
  template <typename T>
  static void divide_accumulator(P& p, T by);
  template <typename T>
  static void divide_accumulator_signed(P& p, T by);
  template <typename T>
  static void unary(P& p);
  template <typename T>
  static void advance(P& p, Register index);
  static bool nothing_left(const P& p);
  static void repeat(P& p, bool compares);
  template <typename T>
  static T change_bit(P& p, unsigned operation, T value, unsigned bit);
};

}  // namespace user_mode
