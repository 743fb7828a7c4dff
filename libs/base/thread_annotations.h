// Clang thread-safety annotations under the names the literature uses.
#pragma once

#if defined(__clang__)
#define BASE_ANNOTATION(x) __attribute__((x))
#else
#define BASE_ANNOTATION(x)
#endif

#define CAPABILITY(name) BASE_ANNOTATION(capability(name))
#define SCOPED_CAPABILITY BASE_ANNOTATION(scoped_lockable)
#define GUARDED_BY(lock) BASE_ANNOTATION(guarded_by(lock))
#define PT_GUARDED_BY(lock) BASE_ANNOTATION(pt_guarded_by(lock))
#define REQUIRES(...) BASE_ANNOTATION(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) BASE_ANNOTATION(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) BASE_ANNOTATION(acquire_capability(__VA_ARGS__))
#define RELEASE(...) BASE_ANNOTATION(release_capability(__VA_ARGS__))
#define TRY_ACQUIRE(...) BASE_ANNOTATION(try_acquire_capability(__VA_ARGS__))
#define RETURN_CAPABILITY(lock) BASE_ANNOTATION(lock_returned(lock))
#define NO_THREAD_SAFETY_ANALYSIS BASE_ANNOTATION(no_thread_safety_analysis)
