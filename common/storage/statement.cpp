#include "common/storage/statement.hpp"

#include "common/storage/sqlite_error.hpp"

#include <stdexcept>

namespace storage {

namespace {

// SQLite takes a null pointer for NULL, which an empty text is not.
const char* never_null(std::string_view bytes)
{
    return bytes.data() == nullptr ? "" : bytes.data();
}

} // namespace

statement::statement(cached_statement& cached) : cached_(cached)
{
    if (cached_.on_loan) {
        throw std::logic_error(std::string("a statement is already in use: ") + sqlite3_sql(cached_.handle));
    }
    cached_.on_loan = true;
}

statement::~statement()
{
    sqlite3_reset(cached_.handle);
    sqlite3_clear_bindings(cached_.handle);
    cached_.on_loan = false;
}

statement& statement::checked(int code)
{
    if (code != SQLITE_OK) {
        throw last_error(sqlite3_db_handle(cached_.handle));
    }
    return *this;
}

statement& statement::bind(std::int64_t value)
{
    return checked(sqlite3_bind_int64(cached_.handle, ++bound_, value));
}

statement& statement::bind(std::string_view text)
{
    return checked(sqlite3_bind_text64(cached_.handle, ++bound_, never_null(text), text.size(), SQLITE_STATIC,
                                       SQLITE_UTF8));
}

statement& statement::bind_blob(std::string_view bytes)
{
    return checked(
        sqlite3_bind_blob64(cached_.handle, ++bound_, never_null(bytes), bytes.size(), SQLITE_STATIC));
}

statement& statement::bind_null()
{
    return checked(sqlite3_bind_null(cached_.handle, ++bound_));
}

bool statement::step()
{
    const int code = sqlite3_step(cached_.handle);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        throw last_error(sqlite3_db_handle(cached_.handle));
    }
    return code == SQLITE_ROW;
}

std::int64_t statement::integer(int column) const
{
    return sqlite3_column_int64(cached_.handle, column);
}

std::string statement::text(int column) const
{
    // As a blob first: the length is then that of the bytes at the pointer, NULs included.
    const auto* const bytes = static_cast<const char*>(sqlite3_column_blob(cached_.handle, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(cached_.handle, column));
    return bytes == nullptr ? std::string() : std::string(bytes, size);
}

bool statement::is_null(int column) const
{
    return sqlite3_column_type(cached_.handle, column) == SQLITE_NULL;
}

std::optional<std::int64_t> statement::optional_integer(int column) const
{
    return is_null(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<std::string> statement::optional_text(int column) const
{
    return is_null(column) ? std::nullopt : std::optional(text(column));
}

} // namespace storage
