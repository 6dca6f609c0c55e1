#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace storage {

// What a connection keeps of a statement that it prepared.
struct cached_statement
{
    sqlite3_stmt* handle = nullptr;
    bool on_loan = false;
};

// A prepared statement on loan from its connection's cache; it resets itself when it goes out of scope.
// Parameters are bound in order, starting with the first; columns are read by position from 0.
class statement
{
public:
    // Throws std::logic_error when the statement is on loan already: two users would mix their rows.
    explicit statement(cached_statement& cached);
    ~statement();
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    // Binds the next parameter. Text and blobs must live until the statement was stepped. Throws sqlite_error
    // when there is no such parameter.
    statement& bind(std::int64_t value);
    statement& bind(std::string_view text);
    statement& bind_blob(std::string_view bytes);
    statement& bind_null();
    template <class T>
    statement& bind_optional(const std::optional<T>& value)
    {
        return value ? bind(*value) : bind_null();
    }

    // True when there is a row to read, false when the statement is done. Throws sqlite_error.
    bool step();
    // Steps a statement to its end, without reading rows.
    void execute()
    {
        while (step()) {
        }
    }

    std::int64_t integer(int column) const;
    std::string text(int column) const; // of a text or a blob; empty for NULL
    bool is_null(int column) const;
    std::optional<std::int64_t> optional_integer(int column) const;
    std::optional<std::string> optional_text(int column) const;

private:
    statement& checked(int code);

    cached_statement& cached_;
    int bound_ = 0;
};

} // namespace storage
