package web

import (
	"io"
	"net/http"
)

const page = `<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Threering</title>
<h1>Threering</h1>
<p>服务器正在运行，但此程序未内置控制台：装好 Node 20.19 以上，执行 <code>make console build</code> 后重新启动。接口说明见 <a href="` + openapiPath + `">` + openapiPath + `</a>（OpenAPI 3.1）；
请先用 <code>POST /api/v1/session</code> 登录。运行状态：<a href="/readyz">/readyz</a>。</p>
<p lang="en">The server is running, but no console was built into it: with Node 20.19 or newer, <code>make console build</code>, and start again. The API is described at
<a href="` + openapiPath + `">` + openapiPath + `</a> (OpenAPI 3.1); sign in with <code>POST /api/v1/session</code>.
State of the server: <a href="/readyz">/readyz</a>.</p>
</html>
`

// servePage is what people see where no console was built.
func servePage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	io.WriteString(w, page)
}
