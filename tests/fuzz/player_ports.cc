// Player: the port interface.
#include "tests/fuzz/check.h"
#include "tests/fuzz/mach_port_user.h"
#include "tests/fuzz/player.h"

namespace fuzz {

#define EXPECT_CODE(got, expected) FUZZ_CHECK((got) == (expected), "%x, %x", got, expected)

// A right that the kernel says it has put into the space.
void Player::copyout(Playing& p, model::Right right, mach_port_t name) {
  FUZZ_CHECK(ports_.copyout(*p.names, right, name), "name %x", name);
}

void Player::allocate(Playing& p) {
  constexpr mach_port_right_t kKinds[] = {MACH_PORT_RIGHT_RECEIVE, MACH_PORT_RIGHT_RECEIVE,
                                          MACH_PORT_RIGHT_PORT_SET, MACH_PORT_RIGHT_DEAD_NAME,
                                          MACH_PORT_RIGHT_SEND};
  const mach_port_right_t kind = kKinds[input_.pick(std::size(kKinds))];
  const bool choose = input_.one_in(3);
  mach_port_t name = choose ? chosen_name() : MACH_PORT_NULL;
  if (p.names->entries.size() > 60) return;
  kern_return_t r = 0;
  as(p, [&] {
    r = choose ? mach_port_allocate_name(p.self, kind, name)
               : mach_port_allocate(p.self, kind, &name);
  });
  kern_return_t expected = KERN_SUCCESS;
  if (kind == MACH_PORT_RIGHT_SEND) {
    expected = KERN_INVALID_VALUE;
  } else if (choose && (ports_.find(*p.names, name) != nullptr || name == p.client.reply_port)) {
    expected = KERN_NAME_EXISTS;
  }
  EXPECT_CODE(r, expected);
  if (r == KERN_SUCCESS) ports_.allocated(*p.names, kind, name);
}

void Player::change_refs(Playing& p) {
  const mach_port_t name = any_name(p);
  const uint32_t choice = input_.pick(8);
  const auto kind = static_cast<mach_port_right_t>(input_.pick(6));
  constexpr int kDeltas[] = {-1, 1, 2, -2, 0, 65534, -65534, 1000};
  const int delta = kDeltas[input_.pick(std::size(kDeltas))];
  kern_return_t r = 0;
  kern_return_t expected;
  if (choice == 0) {
    as(p, [&] { r = mach_port_destroy(p.self, name); });
    expected = ports_.destroy(*p.names, name);
  } else if (choice < 4) {
    as(p, [&] { r = mach_port_deallocate(p.self, name); });
    expected = ports_.deallocate(*p.names, name);
  } else {
    as(p, [&] { r = mach_port_mod_refs(p.self, name, kind, delta); });
    expected = ports_.mod_refs(*p.names, name, kind, delta);
  }
  EXPECT_CODE(r, expected);
}

void Player::rename(Playing& p) {
  const mach_port_t name = any_name(p);
  const mach_port_t to = input_.one_in(8) ? any_name(p) : chosen_name();
  if (to == p.client.reply_port) return;
  kern_return_t r = 0;
  as(p, [&] { r = mach_port_rename(p.self, name, to); });
  EXPECT_CODE(r, ports_.rename(*p.names, name, to));
}

void Player::move_member(Playing& p) {
  const mach_port_t name = any_name(p);
  const mach_port_t set = input_.one_in(4) ? MACH_PORT_NULL : any_name(p);
  kern_return_t r = 0;
  as(p, [&] { r = mach_port_move_member(p.self, name, set); });
  EXPECT_CODE(r, ports_.move_member(*p.names, name, set));
}

void Player::set_limit(Playing& p) {
  const mach_port_t name = any_name(p);
  const uint32_t limit = input_.pick(20);
  kern_return_t r = 0;
  as(p, [&] { r = mach_port_set_qlimit(p.self, name, limit); });
  EXPECT_CODE(r, ports_.set_limit(*p.names, name, limit));
}

void Player::request_notification(Playing& p) {
  constexpr mach_msg_id_t kVariants[] = {MACH_NOTIFY_DEAD_NAME, MACH_NOTIFY_NO_SENDERS,
                                         MACH_NOTIFY_PORT_DESTROYED};
  const mach_port_t name = any_name(p);
  const mach_msg_id_t variant = kVariants[input_.pick(std::size(kVariants))];
  const uint32_t sync = input_.pick(3);
  const mach_port_t notify_name = input_.one_in(6) ? MACH_PORT_NULL : any_name(p);
  const mach_msg_type_name_t type =
      input_.one_in(4) ? MACH_MSG_TYPE_MOVE_SEND_ONCE : MACH_MSG_TYPE_MAKE_SEND_ONCE;
  mach_port_t previous_name = MACH_PORT_NULL;
  kern_return_t r = 0;
  as(p, [&] {
    r = mach_port_request_notification(p.self, name, variant, sync, notify_name, type,
                                       &previous_name);
  });
  model::Right notify{model::Kind::kSendOnce};
  model::Right previous;
  notify.dead = notify_name == MACH_PORT_DEAD;
  if (MACH_PORT_VALID(notify_name) &&
      ports_.copyin(*p.names, notify_name, type, notify) != KERN_SUCCESS) {
    EXPECT_CODE(r, MACH_SEND_INVALID_RIGHT);
    return;
  }
  const kern_return_t expected = ports_.request(*p.names, name, variant, sync, notify, previous);
  EXPECT_CODE(r, expected);
  if (r == KERN_SUCCESS) {
    copyout(p, previous, previous_name);
  } else {
    ports_.release(notify);
  }
}

void Player::insert_right(Playing& p) {
  const mach_port_t name = input_.one_in(2) ? any_name(p) : chosen_name();
  const mach_port_t right_name = any_name(p);
  const mach_msg_type_name_t type = any_disposition();
  if (name == p.client.reply_port) return;
  kern_return_t r = 0;
  as(p, [&] { r = mach_port_insert_right(p.self, name, right_name, type); });
  model::Right right{model::Kind::kSend, nullptr, right_name == MACH_PORT_DEAD};
  if (MACH_PORT_VALID(right_name) &&
      ports_.copyin(*p.names, right_name, type, right) != KERN_SUCCESS) {
    EXPECT_CODE(r, MACH_SEND_INVALID_RIGHT);
    return;
  }
  EXPECT_CODE(r, ports_.insert(*p.names, right, name));
}

void Player::extract_right(Playing& p) {
  const mach_port_t name = any_name(p);
  const mach_msg_type_name_t type = any_disposition();
  mach_port_t right_name = MACH_PORT_NULL;
  mach_msg_type_name_t right_type = 0;
  kern_return_t r = 0;
  as(p, [&] { r = mach_port_extract_right(p.self, name, type, &right_name, &right_type); });
  model::Right right;
  EXPECT_CODE(r, ports_.copyin(*p.names, name, type, right));
  if (r != KERN_SUCCESS) return;
  constexpr mach_msg_type_name_t kArrivals[] = {MACH_MSG_TYPE_PORT_SEND,
                                                MACH_MSG_TYPE_PORT_SEND_ONCE,
                                                MACH_MSG_TYPE_PORT_RECEIVE};
  EXPECT_CODE(right_type, kArrivals[static_cast<int>(right.kind)]);
  copyout(p, right, right_name);
}

// A right from one task to another by somebody else's hands, so that tasks have something in common.
void Player::introduce(Playing& from, Playing& to) {
  const mach_port_t name = any_name(from);
  const mach_msg_type_name_t type = any_disposition();
  if (to.names->entries.size() > 60) return;
  auto taken = from.actor.space().copyin(name, type);
  model::Right right;
  EXPECT_CODE(taken.code(), ports_.copyin(*from.names, name, type, right));
  if (!taken.ok()) return;
  const auto entered = to.actor.space().copyout(taken.take());
  FUZZ_CHECK(entered.ok());
  copyout(to, right, entered.value());
}

}  // namespace fuzz
